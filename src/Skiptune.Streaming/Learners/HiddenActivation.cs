namespace Skiptune.Streaming.Learners;

/// <summary>What becomes of a hidden neuron's weighted sum.</summary>
public enum HiddenActivation
{
    /// <summary>tanh v: from -1 to 1.</summary>
    Tanh,

    /// <summary>1 / (1 + e^-v): from 0 to 1.</summary>
    Sigmoid,

    /// <summary>max(v, 0).</summary>
    Relu,

    /// <summary>v: the network is linear, and an autoencoder of it a projection.</summary>
    Identity,
}
