namespace Skiptune.Streaming.Loop;

/// <summary>What is collected after a drift.</summary>
public sealed record CollectionOptions
{
    /// <summary>Labelled samples that start a fine-tuning, at least 2; default 100.</summary>
    public int MinimumSamples { get; init; } = 100;

    /// <summary>
    /// Samples before the one that gave the drift away which count as behind it, at least 0; default 0. Detectors need some to notice: of a
    /// stream that is labelled anyway, those are not lost.
    /// </summary>
    public int LookBack { get; init; }

    /// <summary>Of these, samples that each of at least two classes must have, at least 1; default 5.</summary>
    public int MinimumPerClass { get; init; } = 5;

    /// <summary>Samples, labelled or not, after which the loop gives up waiting, at least 1; default 100,000.</summary>
    public int Patience { get; init; } = 100_000;

    /// <summary>The share of the collected samples that is held out for validation, of each class alike, above 0 and below 1; default 0.2.</summary>
    public double HeldOut { get; init; } = 0.2;

    internal void Check()
    {
        LearnerOptions.Require(MinimumSamples >= 2, $"at least 2 labelled samples are needed to learn and to validate, not {MinimumSamples}");
        LearnerOptions.Require(LookBack >= 0, $"the samples to look back on must be 0 or more, not {LookBack}");
        LearnerOptions.Require(MinimumPerClass >= 1, $"the samples of a class must be 1 or more, not {MinimumPerClass}");
        LearnerOptions.Require(Patience >= 1, $"the patience must be 1 sample or more, not {Patience}");
        LearnerOptions.Require(HeldOut is > 0 and < 1, $"the share held out must be above 0 and below 1, not {HeldOut}");
    }
}

/// <summary>What a tuned version must show on the same samples as the active one.</summary>
public sealed record GateOptions
{
    /// <summary>Accuracy gained on the held-out samples, 0 .. 1; default 0.02.</summary>
    public double MinimumGain { get; init; } = 0.02;

    /// <summary>
    /// The probability that so many more right answers come from chance alone, above 0 and at most 1; default 0.05. One-sided exact test
    /// of McNemar (Psychometrika 12, 1947) on the held-out samples that only one version answers right. 1 leaves it out.
    /// </summary>
    public double MaximumChance { get; init; } = 0.05;

    /// <summary>Accuracy on the held-out samples, 0 .. 1; default 0.</summary>
    public double MinimumAccuracy { get; init; }

    /// <summary>Accuracy lost on the retention set, 0 .. 1; default 0.05. Not looked at without a retention set.</summary>
    public double MaximumRetentionLoss { get; init; } = 0.05;

    internal void Check()
    {
        LearnerOptions.Require(MinimumGain is >= 0 and <= 1, $"the minimum gain must be 0 to 1, not {MinimumGain}");
        LearnerOptions.Require(MaximumChance is > 0 and <= 1, $"the maximum chance must be above 0 and at most 1, not {MaximumChance}");
        LearnerOptions.Require(MinimumAccuracy is >= 0 and <= 1, $"the minimum accuracy must be 0 to 1, not {MinimumAccuracy}");
        LearnerOptions.Require(MaximumRetentionLoss is >= 0 and <= 1, $"the maximum retention loss must be 0 to 1, not {MaximumRetentionLoss}");
    }
}

/// <summary>When an active version is taken back: it and the one before it answer the same labelled samples after the swap.</summary>
public sealed record ProbationOptions
{
    /// <summary>Labelled samples looked at, the last ones, at least 1; default 100.</summary>
    public int Window { get; init; } = 100;

    /// <summary>Labelled samples before the first verdict, at least 1 and at most the window; default 30.</summary>
    public int MinimumSamples { get; init; } = 30;

    /// <summary>Labelled samples after which the version is confirmed, at least the window; default 1000.</summary>
    public int Length { get; init; } = 1000;

    /// <summary>By how much the accuracy may be below that of the version before, 0 .. 1; default 0.02.</summary>
    public double Margin { get; init; } = 0.02;

    /// <summary>
    /// The probability that it is so far below by chance alone, above 0 and at most 1; default 0.01, as it is asked with every sample. The
    /// test is that of <see cref="GateOptions.MaximumChance"/>; 1 leaves it out.
    /// </summary>
    public double MaximumChance { get; init; } = 0.01;

    internal void Check()
    {
        LearnerOptions.Require(Window is >= 1 and <= 1 << 20, $"the window must be 1 to {1 << 20} samples, not {Window}");
        LearnerOptions.Require(MinimumSamples >= 1 && MinimumSamples <= Window, $"the first verdict must come after 1 to {Window} samples, not {MinimumSamples}");
        LearnerOptions.Require(Length >= Window, $"the probation must last {Window} samples or more, not {Length}");
        LearnerOptions.Require(MaximumChance is > 0 and <= 1, $"the maximum chance of a rollback must be above 0 and at most 1, not {MaximumChance}");
        LearnerOptions.Require(Margin is >= 0 and <= 1, $"the margin must be 0 to 1, not {Margin}");
    }
}

/// <summary>Which samples are not used.</summary>
public sealed record GuardOptions
{
    /// <summary>Equal readings, or equal values of one place, that may make a sensor stuck, at least 2, or 0 to never say so; default 20.</summary>
    public int StuckAfter { get; init; } = 20;

    /// <summary>The share of a reading's values that must be stuck, above 0 and at most 1; default 0.25. For an array of independent sensors: 1 divided by their number.</summary>
    public double StuckShare { get; init; } = 0.25;

    /// <summary>How far a sample's time may lie before the last one's, in seconds, at least 0; default 1.</summary>
    public double ClockBackward { get; init; } = 1;

    /// <summary>How far it may lie behind the last one's, in seconds, above 0; default 86,400.</summary>
    public double ClockForward { get; init; } = 86_400;

    /// <summary>Samples in a row that agree on another time before the clock counts as set anew, at least 1; default 10.</summary>
    public int ClockAgreement { get; init; } = 10;

    internal void Check()
    {
        LearnerOptions.Require(StuckAfter is 0 or >= 2, $"a sensor can be stuck after 2 equal readings or more (0 for never), not {StuckAfter}");
        LearnerOptions.Require(StuckShare is > 0 and <= 1, $"the share of stuck values must be above 0 and at most 1, not {StuckShare}");
        LearnerOptions.Require(ClockBackward >= 0 && double.IsFinite(ClockBackward), $"the clock may go back 0 seconds or more, not {ClockBackward}");
        LearnerOptions.Require(ClockForward > 0 && double.IsFinite(ClockForward), $"the clock may go forward by more than 0 seconds, not {ClockForward}");
        LearnerOptions.Require(ClockAgreement >= 1, $"the samples that agree on a clock must be 1 or more, not {ClockAgreement}");
    }
}
