using Skiptune.Streaming.Drift;

namespace Skiptune.Streams.Drift;

/// <summary>A detector under test.</summary>
/// <param name="Name">Its row.</param>
/// <param name="Create">Makes a new one.</param>
/// <param name="Takes">The streams it is for.</param>
internal sealed record Contestant(string Name, Func<IDriftDetector> Create, params StreamKind[] Takes)
{
    private static readonly StreamKind[] s_values = [StreamKind.Numbers, StreamKind.Errors, StreamKind.Samples];

    /// <summary>Detectors set for values of which neighbours are alike.</summary>
    public static Contestant[] ForCorrelated { get; } =
    [
        new("Adwin, Delta = 1e-6", () => new Adwin(new AdwinOptions { Delta = 1e-6 }), s_values),
        new("PageHinkley, Delta = 0.2, Threshold = 60", () => new PageHinkley(new PageHinkleyOptions { Delta = 0.2, Threshold = 60 }), s_values),
        new("Kswin, Alpha = 1e-8", () => new Kswin(new KswinOptions { Alpha = 1e-8 }), s_values),
    ];

    /// <summary>The detectors with their defaults, and ADWIN with the bound for values of 0 to 1, tested every 32 samples as elsewhere.</summary>
    public static Contestant[] All { get; } =
    [
        new("Adwin", () => new Adwin(new AdwinOptions()), s_values),
        new("Adwin, Range = 1, Clock = 32", () => new Adwin(new AdwinOptions { Range = 1, Clock = 32 }), s_values),
        new("PageHinkley", () => new PageHinkley(new PageHinkleyOptions()), s_values),
        new("Kswin", () => new Kswin(new KswinOptions()), s_values),
        new("Ddm", () => new Ddm(new DdmOptions()), StreamKind.Errors),
        new("Centroid", () => new Centroid(new CentroidOptions { Features = SyntheticStream.Features }), StreamKind.Samples),
    ];
}
