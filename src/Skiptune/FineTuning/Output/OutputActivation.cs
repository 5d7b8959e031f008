namespace Skiptune.FineTuning;

/// <summary>What a model does to its scores to make its output.</summary>
public enum OutputActivation
{
    /// <summary>Nothing: the scores are the output.</summary>
    None,

    /// <summary>Shares of 1.</summary>
    Softmax,

    /// <summary>Their logarithms.</summary>
    LogSoftmax,

    /// <summary>A probability of each score by itself.</summary>
    Sigmoid,
}
