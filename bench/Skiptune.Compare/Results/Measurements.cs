using System.Collections.Immutable;
using Skiptune.Compare.Measuring;

namespace Skiptune.Compare.Results;

/// <summary>All that was measured.</summary>
internal sealed class Measurements
{
    /// <summary>The numbers of threads that are compared.</summary>
    public static ImmutableArray<int> ThreadCounts { get; } = [1, 2];

    private readonly Dictionary<int, SortedDictionary<string, Timings>> _times = ThreadCounts.ToDictionary(
        threads => threads, _ => new SortedDictionary<string, Timings>(StringComparer.Ordinal));

    /// <summary>The load of other processes, in processors, while each part was measured.</summary>
    public Dictionary<string, double> OtherLoads { get; } = new(StringComparer.Ordinal);

    /// <summary>GFLOP/s of one core's multiply-adds by width in bits.</summary>
    public Dictionary<int, double> FmaPeaks { get; } = [];

    /// <summary>GB/s by threads.</summary>
    public Dictionary<int, double> Bandwidths { get; } = [];

    /// <summary>Versions of what was compared with.</summary>
    public Dictionary<string, string> Versions { get; } = new(StringComparer.Ordinal);

    /// <summary>What PyTorch's fastest variant of each job was, by job and threads, with the times of all.</summary>
    public SortedDictionary<string, (string Fastest, SortedDictionary<string, double> All)> Variants { get; } = new(StringComparer.Ordinal);

    /// <summary>Pairs of accuracies that must agree.</summary>
    public List<AccuracyPair> Accuracies { get; } = [];

    /// <summary>How time and memory grow, if measured.</summary>
    public Scaling.ScalingResult? Scaling { get; set; }

    /// <summary>What could not be measured, and why.</summary>
    public List<string> Missing { get; } = [];

    /// <summary>False if other processes kept the machine busy; null where nobody knows.</summary>
    public bool? Idle => OtherLoads.Values.Any(double.IsNaN) ? null : OtherLoads.Values.All(load => load <= OtherLoad.Most);

    public Timings Times(int threads, string name)
    {
        if (!_times[threads].TryGetValue(name, out Timings? timings))
            _times[threads][name] = timings = new Timings();
        return timings;
    }

    public IReadOnlyDictionary<string, Timings> All(int threads) => _times[threads];

    public double? Median(int threads, string name) => _times[threads].TryGetValue(name, out Timings? timings) ? timings.Median : null;

    /// <summary>The least of the medians over all numbers of threads and names: how peers count.</summary>
    public double? Fastest(params string[] names) => ThreadCounts.SelectMany(threads => names.Select(name => Median(threads, name))).Min();

    public void Forget(int threads, string name)
    {
        foreach (string key in (string[])[name, $"{name}_fill", $"{name}_steps"])
            _times[threads].Remove(key);
    }

    public void Miss(string what, string why)
    {
        Missing.Add($"{what}: {why}");
        Console.Error.WriteLine($"not measured: {what}: {why}");
    }
}

/// <summary>The accuracies that both sides' training reached on the same test images.</summary>
internal sealed record AccuracyPair(string Job, double Ours, double Torch)
{
    public const double MostApart = 0.02;

    public bool Agree => Math.Abs(Ours - Torch) <= MostApart;
}
