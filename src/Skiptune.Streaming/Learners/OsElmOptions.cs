namespace Skiptune.Streaming.Learners;

/// <summary>How an <see cref="OsElm"/> is made.</summary>
public sealed record OsElmOptions
{
    /// <summary>Values in a sample: 1 to 65536.</summary>
    public required int Features { get; init; }

    /// <summary>Values to predict, or classes: 1 to 65536. An autoencoder has as many as <see cref="Features"/>.</summary>
    public required int Outputs { get; init; }

    /// <summary>Hidden neurons: 1 to 1024; default 64. A sample costs Hidden (Features + 2 Outputs + 3 Hidden) multiply-adds.</summary>
    public int Hidden { get; init; } = 64;

    /// <summary>What becomes of a hidden neuron's sum; default <see cref="HiddenActivation.Tanh"/>.</summary>
    public HiddenActivation Activation { get; init; } = HiddenActivation.Tanh;

    /// <summary>The weight of |B|^2 against the squared errors (ReOS-ELM): 1e-6 to 1e6; default 1.</summary>
    public float Ridge { get; init; } = 1;

    /// <summary>What a sample's weight is multiplied by each time another comes: 0.5 to 1; default 1, nothing is forgotten.</summary>
    public float Forgetting { get; init; } = 1;

    /// <summary>Draws the hidden layer; default 42.</summary>
    public long Seed { get; init; } = 42;

    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    internal void Check()
    {
        OptionRange.Check(Features, 1, 65536);
        OptionRange.Check(Outputs, 1, 65536);
        OptionRange.Check(Hidden, 1, 1024);
        OptionRange.Check(Ridge, 1e-6f, 1e6f);
        OptionRange.Check(Forgetting, 0.5, 1);
    }
}
