using Skiptune.Streaming.Learners;

namespace Skiptune.Streaming.Anomaly;

/// <summary>How an <see cref="Onlad"/> is made.</summary>
public sealed record OnladOptions
{
    /// <summary>Values in a sample: 1 to 65536.</summary>
    public required int Features { get; init; }

    /// <summary>
    /// Hidden neurons, the width of the autoencoder's waist: 1 to 1024; default 0, three quarters of the features, at least
    /// 2 and at most 64.
    /// </summary>
    public int Hidden { get; init; }

    /// <summary>What becomes of a hidden neuron's sum; default <see cref="HiddenActivation.Tanh"/>.</summary>
    public HiddenActivation Activation { get; init; } = HiddenActivation.Tanh;

    /// <summary>The weight of the output weights' squares against the squared errors: 1e-6 to 1e6; default 1.</summary>
    public float Ridge { get; init; } = 1;

    /// <summary>
    /// What a sample's weight is multiplied by each time another is learnt, in the autoencoder and in the running means and
    /// deviations: 0.5 to 1; default 0.999, a memory of some 1000 samples.
    /// </summary>
    public float Forgetting { get; init; } = 0.999f;

    /// <summary>The most normal patterns told apart, an autoencoder each: 1 to 64; default 1.</summary>
    public int Instances { get; init; } = 1;

    /// <summary>Draws the hidden layer, which the instances share; default 42.</summary>
    public long Seed { get; init; } = 42;

    /// <summary>What is done to a sample first; default <see cref="InputScale.Standardize"/>.</summary>
    public InputScale Scale { get; init; } = InputScale.Standardize;

    /// <summary>Added before the logarithm of <see cref="InputScale.LogStandardize"/>, in units of the input: 1e-12 to 1e6; default 1e-4.</summary>
    public float LogFloor { get; init; } = 1e-4f;

    /// <summary>The share of normal samples that may score above <see cref="Onlad.Threshold"/>: 1e-6 to 0.1; default 0.001.</summary>
    public double FalseAlarmRate { get; init; } = 0.001;

    /// <summary>The scores that the threshold is fitted to, the last so many learnt: 100 to 65536; default 512.</summary>
    public int Window { get; init; } = 512;

    /// <summary>Samples learnt in a row that score above the threshold before they become a pattern of their own: 32 to 10000; default 32.</summary>
    public int Patience { get; init; } = 32;

    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    internal OnladOptions Checked()
    {
        OptionRange.Check(Features, 1, 65536);
        OptionRange.Check(Hidden, 0, 1024);
        OptionRange.Check(Ridge, 1e-6f, 1e6f);
        OptionRange.Check(Forgetting, 0.5, 1);
        OptionRange.Check(Instances, 1, 64);
        OptionRange.Check(LogFloor, 1e-12f, 1e6f);
        OptionRange.Check(FalseAlarmRate, 1e-6, 0.1);
        OptionRange.Check(Window, TailThreshold.Least, 65536);
        OptionRange.Check(Patience, InputScaler.Calibration, 10000);
        return Hidden > 0 ? this : this with { Hidden = Math.Clamp(Features * 3 / 4, 2, 64) };
    }
}
