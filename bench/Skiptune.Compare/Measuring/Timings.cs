namespace Skiptune.Compare.Measuring;

/// <summary>What the turns of one contestant took, in milliseconds.</summary>
internal sealed class Timings
{
    private readonly List<double> _milliseconds = [];

    public IReadOnlyList<double> All => _milliseconds;

    public double Median => Statistics.Median(_milliseconds);

    public double Least => _milliseconds.Min();

    public double Most => _milliseconds.Max();

    public void Add(double milliseconds) => _milliseconds.Add(milliseconds);
}
