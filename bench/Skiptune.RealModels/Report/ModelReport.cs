using Skiptune.Data;
using Skiptune.FineTuning;

namespace Skiptune.RealModels.Report;

/// <summary>What came out for one model.</summary>
internal sealed record ModelReport
{
    /// <summary>The name to choose it by.</summary>
    public required string Name { get; init; }

    /// <summary>The title of its section.</summary>
    public required string Title { get; init; }

    /// <summary>Where the model comes from, and its licence.</summary>
    public required string Source { get; init; }

    /// <summary>The data, how they were divided, and what was asked.</summary>
    public required string Task { get; init; }

    /// <summary>What the figures say.</summary>
    public required string Findings { get; init; }

    /// <summary>The model in a line.</summary>
    public required string Summary { get; init; }

    /// <summary>The time of the forward pass of one sample in milliseconds, in batches, on all processors.</summary>
    public required double ForwardMilliseconds { get; init; }

    /// <summary>What <see cref="Row.Figures"/> are.</summary>
    public string Figure { get; init; } = "accuracy %";

    /// <summary>What <see cref="Row.Other"/> is, or null.</summary>
    public string? OtherFigure { get; init; }

    /// <summary>The digits behind the point.</summary>
    public int Digits { get; init; } = 2;

    /// <summary>What each figure belongs to, to be shown one by one; empty for seeds, of which the mean is shown.</summary>
    public string[] Cases { get; init; } = [];

    /// <summary>The rows; none for a model that is only run.</summary>
    public Row[] Rows { get; init; } = [];

    /// <summary>The model in a line.</summary>
    public static string Summarise(Model model)
    {
        ModelInspection inspection = model.Inspect();
        return $"{inspection.Nodes.Length} nodes, {inspection.Parameters:N0} parameters, {inspection.MultiplyAccumulates:N0} multiply-accumulates a sample, {inspection.Inputs[0].SampleShape} to {inspection.Outputs[0].SampleShape}";
    }

    /// <summary>The milliseconds of a sample, the best of three passes.</summary>
    public static double TimeForward(Model model, DataSet data, int samples = 64)
    {
        DataSet some = data.Take(Math.Min(samples, data.Count));
        double best = double.MaxValue;
        for (int pass = 0; pass < 3; pass++)
        {
            long start = System.Diagnostics.Stopwatch.GetTimestamp();
            model.Predict(some);
            best = Math.Min(best, System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        return best / some.Count;
    }
}
