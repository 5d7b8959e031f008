namespace Skiptune.FineTuning;

/// <summary>What came out of a fine-tuning.</summary>
public sealed record FineTuneResult
{
    /// <summary>The adapter as it was after the last whole epoch.</summary>
    public required Adapter Adapter { get; init; }

    /// <summary>Whole epochs done.</summary>
    public required int Epochs { get; init; }

    /// <summary>Of these, the epochs that a checkpoint already held when this run continued it; 0 if it started anew.</summary>
    public int ResumedEpochs { get; init; }

    /// <summary>True if it was cancelled before the last epoch ended.</summary>
    public required bool Cancelled { get; init; }

    /// <summary>Wall-clock time in seconds: preparing, filling the cache, all steps; without validation, and without what a continued run took before.</summary>
    public required double Seconds { get; init; }

    /// <summary>The part of it that filled the cache before the first epoch.</summary>
    public required double FillSeconds { get; init; }

    /// <summary>Seconds of all training steps, with the reading of what they train on; a part of <see cref="Seconds"/>.</summary>
    public required double StepSeconds { get; init; }

    /// <summary>The bytes of the forward cache; 0 also if there was no epoch left to run.</summary>
    public required long CacheBytes { get; init; }

    /// <summary>The values the optimizer changed.</summary>
    public required long TrainableParameters { get; init; }

    /// <summary>The mean loss of each step in nats, in order, those before a resumption included.</summary>
    public required IReadOnlyList<float> Losses { get; init; }

    /// <summary>The mean loss of the last whole epoch in nats; NaN if there was none.</summary>
    public required double FinalLoss { get; init; }

    /// <summary>The validation result after the last whole epoch, if validation data were given.</summary>
    public Evaluation? Validation { get; init; }
}

/// <summary>Progress after an epoch.</summary>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="Epochs">All epochs.</param>
/// <param name="Loss">Its mean loss in nats.</param>
/// <param name="Seconds">Seconds since the start, without validation.</param>
/// <param name="Validation">The validation result, if validation data were given.</param>
public sealed record FineTuneProgress(int Epoch, int Epochs, double Loss, double Seconds, Evaluation? Validation);

/// <summary>Progress after a step.</summary>
/// <param name="Step">The step, from 1.</param>
/// <param name="Steps">All steps.</param>
/// <param name="Samples">The samples of the step.</param>
/// <param name="Loss">Its mean loss in nats, before the step.</param>
/// <param name="LearningRate">The step size it was made with.</param>
/// <param name="Targets">What the loss is the mean of: the samples, or the places of sequences that are learnt.</param>
public readonly record struct StepProgress(int Step, int Steps, int Samples, float Loss, float LearningRate, long Targets);

/// <summary>How a model does on data.</summary>
/// <param name="Accuracy">The share of samples whose largest output is their class, 0 .. 1; NaN for data without classes.</param>
/// <param name="Loss">The mean cross-entropy in nats, or for data with numbers to learn the mean squared error of a value.</param>
/// <param name="Samples">How many samples.</param>
public sealed record Evaluation(double Accuracy, double Loss, int Samples)
{
    /// <summary>Which classes were taken for which; null for data without classes and for models with more than 4096.</summary>
    public ConfusionMatrix? Confusion { get; init; }
}
