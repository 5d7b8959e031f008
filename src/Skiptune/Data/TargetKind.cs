namespace Skiptune.Data;

/// <summary>What a data set says about each sample.</summary>
public enum TargetKind
{
    /// <summary>Nothing: samples to predict.</summary>
    None,

    /// <summary>One class a sample.</summary>
    Classes,

    /// <summary>A vector of numbers a sample, to be learnt by regression.</summary>
    Values,

    /// <summary>The sample itself, to be rebuilt by an autoencoder.</summary>
    Input,

    /// <summary>A class for each place of a sequence, such as the token that comes next.</summary>
    Sequences,
}
