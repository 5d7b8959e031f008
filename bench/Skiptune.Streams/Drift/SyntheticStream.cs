using Skiptune.Numerics;

namespace Skiptune.Streams.Drift;

/// <summary>A stream that is one thing up to a moment and another from then on.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Kind">What its values are.</param>
/// <param name="Draw">One sample: random numbers, the sample before, whether the change has come, the features to fill; returns the value.</param>
internal sealed record SyntheticStream(string Name, StreamKind Kind, SyntheticStream.Sampler Draw)
{
    /// <summary>Features of a sample.</summary>
    public const int Features = 8;

    public delegate double Sampler(SeededRandom random, double before, bool changed, Span<float> features);

    /// <summary>Streams without any change.</summary>
    public static SyntheticStream[] Stationary { get; } =
    [
        Numbers("normal", (random, _) => Normal(random)),
        Numbers("log-normal", (random, _) => Math.Exp(Normal(random))),
        new("correlated", StreamKind.Numbers, (random, before, _, _) => (0.5 * before) + Normal(random)),
        Errors("errors, 5 %", 0.05, 0.05),
        Samples("samples", 0),
    ];

    /// <summary>Streams with a change.</summary>
    public static SyntheticStream[] Changing { get; } =
    [
        .. new[] { 0.25, 0.5, 1, 2 }.Select(size => Numbers(FormattableString.Invariant($"mean by {size}"), (random, changed) => Normal(random) + (changed ? size : 0))),
        Numbers("log-normal, doubled", (random, changed) => (changed ? 2 : 1) * Math.Exp(Normal(random))),
        Numbers("deviation doubled", (random, changed) => (changed ? 2 : 1) * Normal(random)),
        Numbers("mean by 0.5, all by 1/100", (random, changed) => 0.01 * (Normal(random) + (changed ? 0.5 : 0))),
        Errors("errors, 5 to 10 %", 0.05, 0.1),
        Errors("errors, 5 to 20 %", 0.05, 0.2),
        .. new[] { 0.25, 0.5, 1 }.Select(size => Samples(FormattableString.Invariant($"samples by {size}"), size)),
    ];

    private static SyntheticStream Numbers(string name, Func<SeededRandom, bool, double> draw) => new(name, StreamKind.Numbers, (random, _, changed, _) => draw(random, changed));

    private static SyntheticStream Errors(string name, double before, double after) =>
        new(name, StreamKind.Errors, (random, _, changed, _) => random.NextSingle() < (changed ? after : before) ? 1 : 0);

    // Two classes 3 deviations apart; every feature of both moves by the size. The value is the distance from where they were,
    // as an anomaly score would be.
    private static SyntheticStream Samples(string name, double size) => new(name, StreamKind.Samples, (random, _, changed, features) =>
    {
        double distance = 0;
        foreach (ref float feature in features)
        {
            double noise = Normal(random) + (changed ? size : 0);
            distance += noise * noise / Features;
            feature = (float)noise;
        }
        return distance;
    });

    private static double Normal(SeededRandom random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextSingle())) * Math.Cos(2 * Math.PI * random.NextSingle());
}
