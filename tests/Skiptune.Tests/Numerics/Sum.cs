namespace Skiptune.Tests.Numerics;

/// <summary>
/// A sum in float64 with what it allows a float32 sum of the same terms: half a unit in the last place of the sum of
/// the magnitudes for each term, in any order, and one more for the terms themselves.
/// </summary>
internal struct Sum(double start)
{
    private const double HalfUnit = 1.0 / (1 << 24);

    private double _value = start;
    private double _magnitude = Math.Abs(start);
    private int _terms = 1;

    public readonly double Value => _value;

    public void Add(double term)
    {
        _value += term;
        _magnitude += Math.Abs(term);
        _terms++;
    }

    public readonly void AssertNear(float actual, string what)
    {
        double allowed = (_terms + 1) * HalfUnit * _magnitude;
        if (!(Math.Abs(_value - actual) <= allowed))
            Assert.Fail($"{what}: {_value} expected, {actual} found, {allowed} allowed");
    }
}
