namespace Skiptune.FineTuning;

/// <summary>How far a run is, besides the values of its tensors.</summary>
internal sealed class RunPosition
{
    /// <summary>Whole epochs done.</summary>
    public int Epoch { get; set; }

    /// <summary>The loss of each step so far; their number is that of the steps.</summary>
    public List<float> Losses { get; init; } = [];

    /// <summary>The mean loss of the last whole epoch; NaN before there is one.</summary>
    public double FinalLoss { get; set; } = double.NaN;
}
