using System.Collections.Immutable;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.FineTuning;

/// <summary>When the forward cache is filled.</summary>
public enum CacheFill
{
    /// <summary>Before the first epoch, in large batches.</summary>
    Upfront,

    /// <summary>Each sample at its first use.</summary>
    Lazy,
}

/// <summary>How to fine-tune. Every default is what the method's authors or our measurements recommend.</summary>
public sealed record FineTuneOptions
{
    /// <summary>What is trained; default skip2-lora.</summary>
    public FineTuneMethod Method { get; init; } = FineTuneMethod.Skip2Lora;

    /// <summary>The rank of low-rank adapters, 1 .. 1024; default 4.</summary>
    public int Rank { get; init; } = 4;

    /// <summary>Adapter outputs are scaled by Alpha / Rank; above 0. Default null: the rank, so a scale of 1.</summary>
    public float? Alpha { get; init; }

    /// <summary>
    /// What the skip methods tap. Default empty: the inputs of all weight layers, each reduced to at most 2048 values and
    /// all together to at most 32,768.
    /// </summary>
    public ImmutableArray<TapRule> Taps { get; init; } = [];

    /// <summary>
    /// The output that is trained: the name of a graph output, of another value, or of the node that makes it. Layers behind
    /// it are left alone. Default null: the model's own choice (<see cref="Model.Output"/>), or else its only output.
    /// </summary>
    public string? Output { get; init; }

    /// <summary>The classes of a new head, at least 2; default null: the model's own output.</summary>
    public int? Classes { get; init; }

    /// <summary>What a new head starts from; default ridge regression on the frozen features.</summary>
    public HeadStart HeadStart { get; init; } = HeadStart.Ridge;

    /// <summary>Passes over the data, at least 1; default 10.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>Samples a step, at least 1; default 20.</summary>
    public int BatchSize { get; init; } = 20;

    /// <summary>The optimizer; default Adam. One without a learning rate takes the method's default.</summary>
    public Optimizer Optimizer { get; init; } = new Adam();

    /// <summary>The learning rate over time; default cosine.</summary>
    public Schedule Schedule { get; init; } = Schedule.Cosine;

    /// <summary>What happens to the last samples of an epoch; default spread.</summary>
    public TailBatch Tail { get; init; } = TailBatch.Spread;

    /// <summary>How frozen results are kept; default null: int4 for skip2-lora, none for the others.</summary>
    public CacheFormat? Cache { get; init; }

    /// <summary>When they are computed; default before the first epoch.</summary>
    public CacheFill Fill { get; init; } = CacheFill.Upfront;

    /// <summary>
    /// A file for the forward cache, which is mapped and not held in memory, so it may be larger than memory; default
    /// null: in memory. The file is scratch: it takes a name of its own beside this one and is gone when the run ends.
    /// The result does not depend on it.
    /// </summary>
    public string? CachePath { get; init; }

    /// <summary>
    /// The bytes that a forward cache in memory may take, at least 1; a run that needs more is refused before it begins.
    /// Default null: half of the memory that the process may use. A cache in a file is not limited.
    /// </summary>
    public long? CacheLimit { get; init; }

    /// <summary>Where and how often the run saves its state, and whether it continues from there; default null: never.</summary>
    public CheckpointOptions? Checkpoint { get; init; }

    /// <summary>Where initial values and the order of the samples come from; default 0. The same seed gives the same bytes.</summary>
    public long Seed { get; init; }

    /// <summary>Threads, 0 (the default) for one a processor. The result does not depend on it.</summary>
    public int Threads { get; init; }

    /// <summary>Values to start from in place of random ones; default null. Must fit method and model.</summary>
    public Adapter? Start { get; init; }

    /// <summary>The order of the samples in each epoch, for parity with another implementation.</summary>
    internal Func<int, int[]>? Order { get; init; }

    /// <summary>The kernels, for tests; default the process's own.</summary>
    internal KernelSet? Kernels { get; init; }

    internal CacheFormat EffectiveCache => Cache ?? Method.DefaultCache;

    internal float EffectiveAlpha => Alpha ?? Rank;

    internal float EffectiveLearningRate => Optimizer.LearningRate ?? Method.DefaultLearningRate(Optimizer);

    internal AdapterOptions AdapterOptions => new(Rank, EffectiveAlpha, Seed) { Taps = Taps, Classes = Classes, Output = Output };

    /// <summary>Throws unless all options are in range and fit each other.</summary>
    /// <exception cref="SkiptuneException">An option is out of range.</exception>
    public void Check()
    {
        Require(Rank is >= 1 and <= 1024, $"the rank must be 1 to 1024, not {Rank}");
        Require(EffectiveAlpha > 0 && float.IsFinite(EffectiveAlpha), $"alpha must be a number above 0, not {EffectiveAlpha}");
        Require(Output is not { Length: 0 }, "the name of the output is empty; name a value or a node");
        Require(Classes is null or (>= 2 and <= 1 << 20), $"a new head needs 2 to {1 << 20} classes, not {Classes}");
        Require(Epochs is >= 1 and <= 1_000_000, $"the epochs must be 1 to 1000000, not {Epochs}");
        Require(BatchSize is >= 1 and <= 1 << 20, $"the batch size must be 1 to {1 << 20}, not {BatchSize}");
        Require(Threads is >= 0 and <= 1024, $"the threads must be 0 (all processors) to 1024, not {Threads}");
        Require(Schedule.WarmupSteps >= 0, $"the warm-up steps must be 0 or more, not {Schedule.WarmupSteps}");
        Require(!Method.RequiresCache || EffectiveCache != CacheFormat.None, $"{Method} is defined by its cache: choose a format other than none, or the method skip-lora");
        Require(CachePath is not { Length: 0 }, "the name of the cache file is empty; name a file");
        Require(CacheLimit is null or >= 1, $"the limit of the cache must be 1 byte or more, not {CacheLimit}");
        Optimizer.Check();
        Checkpoint?.Check();
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
            throw new SkiptuneException(message);
    }
}
