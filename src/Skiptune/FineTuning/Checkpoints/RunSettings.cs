using System.Collections.Immutable;
using System.Globalization;
using Skiptune.Data;
using Skiptune.Networks;

namespace Skiptune.FineTuning;

/// <summary>
/// Everything that the values of a run depend on, as names and texts in a fixed order. Two runs whose settings are equal
/// pass through the same states; what is not listed (threads, kernels, when and where the cache is filled) changes no bit.
/// </summary>
internal static class RunSettings
{
    /// <summary>The settings of the options alone.</summary>
    public static ImmutableArray<KeyValuePair<string, string>> Of(FineTuneOptions options)
    {
        List<KeyValuePair<string, string>> settings =
        [
            new("method", options.Method.Name),
            new("rank", Text(options.Rank)),
            new("alpha", Text(options.EffectiveAlpha)),
            new("epochs", Text(options.Epochs)),
            new("batch size", Text(options.BatchSize)),
            new("tail", options.Tail.ToString()),
            new("optimizer", options.Optimizer.Name),
            new("learning rate", Text(options.EffectiveLearningRate)),
            .. Of(options.Optimizer),
            new("schedule", options.Schedule.Name),
            new("warm-up steps", Text(options.Schedule.WarmupSteps)),
            new("cache", options.EffectiveCache.Name),
            new("taps", string.Join(", ", options.Taps)),
            new("output", options.Output ?? "the model's own"),
            new("classes", options.Classes is { } classes ? Text(classes) : "the model's own"),
            new("start of the head", options.HeadStart.ToString()),
            new("seed", Text(options.Seed)),
            new("start", options.Start is { } start ? Fingerprints.Of(start) : "random"),
        ];
        return [.. settings];
    }

    /// <summary>The settings of a run of these options on a base model and data.</summary>
    public static ImmutableArray<KeyValuePair<string, string>> Of(
        FineTuneOptions options, string baseFingerprint, DataSet data, CancellationToken cancellationToken) =>
    [
        .. Of(options),
        new("base model", baseFingerprint),
        new("number of samples", Text(data.Count)),
        new("sample shape", data.SampleShape.ToString()),
        new("labels", Fingerprints.OfLabels(data)),
        new("samples", Fingerprints.OfSamples(data, cancellationToken)),
    ];

    private static IEnumerable<KeyValuePair<string, string>> Of(Optimizer optimizer) => optimizer switch
    {
        Adam adam =>
        [
            new("beta1", Text(adam.Beta1)),
            new("beta2", Text(adam.Beta2)),
            new("epsilon", Text(adam.Epsilon)),
            new("weight decay", Text(adam.WeightDecay)),
        ],
        Sgd sgd => [new("momentum", Text(sgd.Momentum)), new("weight decay", Text(sgd.WeightDecay))],
        _ => throw new NotSupportedException($"the settings of {optimizer.Name} are not listed"),
    };

    // The shortest text that reads back as the same number, in any culture.
    private static string Text(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);
}
