using Skiptune.Numerics;
using Skiptune.Streaming.Drift;

namespace Skiptune.Streaming.Tests.Drift;

/// <summary>Every detector with its defaults, and streams for them.</summary>
internal static class Detectors
{
    private const int Features = 4;

    public static TheoryData<string> Names { get; } = ["Adwin", "PageHinkley", "Kswin", "Ddm", "Centroid"];

    public static IDriftDetector New(string name, bool other = false) => name switch
    {
        "Adwin" => new Adwin(new AdwinOptions { Delta = other ? 0.01 : 0.002 }),
        "PageHinkley" => new PageHinkley(new PageHinkleyOptions { Threshold = other ? 29 : 40 }),
        "Kswin" => new Kswin(new KswinOptions { Window = other ? 999 : 1000 }),
        "Ddm" => new Ddm(new DdmOptions { DriftSigmas = other ? 5 : 4 }),
        "Centroid" => new Centroid(new CentroidOptions { Features = Features, Classes = 2, ErrorSigmas = other ? null : 1 }),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    /// <summary>Errors of a classifier, 1 in 10 or after the shift 4 in 10, and features that move with them.</summary>
    public static DriftStatus Next(IDriftDetector detector, SeededRandom random, bool shifted)
    {
        Span<float> features = stackalloc float[Features];
        random.FillUniform(features, 1);
        foreach (ref float feature in features)
            feature += shifted ? 0.8f : 0;
        return detector.Update(new DriftInput(random.NextSingle() < (shifted ? 0.4f : 0.1f) ? 1 : 0, features, random.NextInt32(2)));
    }
}
