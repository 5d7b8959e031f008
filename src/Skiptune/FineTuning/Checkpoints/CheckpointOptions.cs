namespace Skiptune.FineTuning;

/// <summary>Where and how often a run saves its state, so that it can go on after an interruption.</summary>
public sealed record CheckpointOptions
{
    /// <summary>The folder of the checkpoint; made if missing. One run at a time uses it.</summary>
    public required string Directory { get; init; }

    /// <summary>Epochs from one save to the next, at least 1; default 1. The last epoch is always saved.</summary>
    public int EveryEpochs { get; init; } = 1;

    /// <summary>
    /// True to continue from the checkpoint in the folder, if there is one: the result is then the same, bit for bit, as
    /// that of a run without interruption. Default false: the run starts anew and its checkpoints replace that one.
    /// </summary>
    public bool Resume { get; init; }

    /// <summary>The whole epochs that the checkpoint in the folder has behind it; null if there is no checkpoint.</summary>
    /// <exception cref="SkiptuneException">What is there is damaged or no checkpoint.</exception>
    public int? SavedEpochs() => TrainerStateFile.ReadIfThere(Directory)?.Epoch;

    /// <summary>Throws unless the options are in range.</summary>
    /// <exception cref="SkiptuneException">An option is out of range.</exception>
    public void Check()
    {
        if (string.IsNullOrEmpty(Directory))
            throw new SkiptuneException("the name of the checkpoint folder is empty; name a folder");
        if (EveryEpochs < 1)
            throw new SkiptuneException($"the epochs from one checkpoint to the next must be 1 or more, not {EveryEpochs}");
    }
}
