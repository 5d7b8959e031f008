namespace Skiptune.FineTuning;

/// <summary>What a new head starts from.</summary>
public enum HeadStart
{
    /// <summary>Ridge regression of the classes on the frozen features of the training samples, in closed form.</summary>
    Ridge,

    /// <summary>Zeros.</summary>
    Zero,
}
