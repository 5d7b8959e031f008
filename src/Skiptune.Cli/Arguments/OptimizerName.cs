using System.Collections.Immutable;
using Skiptune.Networks;

namespace Skiptune.Cli.Arguments;

/// <summary>The optimizers by their names on the command line.</summary>
internal static class OptimizerName
{
    public const float DefaultMomentum = 0.9f;

    public static ImmutableArray<(string Name, string Description)> All { get; } =
    [
        ("adam", "adaptive moments"),
        ("adamw", "adam with weight decay apart from the gradient, 0.01 by default"),
        ("sgd", "gradient descent"),
        ("momentum", "gradient descent with momentum, 0.9 by default"),
    ];

    /// <summary>Makes the optimizer.</summary>
    /// <exception cref="UsageException">There is no such optimizer, or it has no momentum.</exception>
    public static Optimizer Parse(string name, float? learningRate, float? momentum, float? weightDecay)
    {
        if (momentum is not null && name != "momentum")
            throw new UsageException($"--momentum does not go with --optimizer {name}; use --optimizer momentum");
        return name switch
        {
            "adam" => new Adam { LearningRate = learningRate, WeightDecay = weightDecay ?? 0 },
            "adamw" => weightDecay is { } decay ? new AdamW { LearningRate = learningRate, WeightDecay = decay } : new AdamW { LearningRate = learningRate },
            "sgd" => new Sgd { LearningRate = learningRate, WeightDecay = weightDecay ?? 0 },
            "momentum" => new Sgd { LearningRate = learningRate, WeightDecay = weightDecay ?? 0, Momentum = momentum ?? DefaultMomentum },
            _ => throw new UsageException($"'{name}' is not an optimizer; choose one of {string.Join(", ", All.Select(one => one.Name))}"),
        };
    }
}
