namespace Skiptune.RealModels.Report;

/// <summary>A row of a table: one way to fine-tune.</summary>
/// <param name="Label">The method.</param>
/// <param name="Setting">Its settings.</param>
/// <param name="Figures">What was measured, a number a seed (or a held-out speaker).</param>
internal sealed record Row(string Label, string Setting, double[] Figures)
{
    /// <summary>The median time of a run in seconds; 0 for none.</summary>
    public double Seconds { get; init; }

    /// <summary>What is trained; 0 for nothing.</summary>
    public long Parameters { get; init; }

    /// <summary>The bytes of the forward cache; 0 for none.</summary>
    public long CacheBytes { get; init; }

    /// <summary>A second figure beside the first, or null.</summary>
    public double? Other { get; init; }

    /// <summary>The mean of the figures.</summary>
    public double Mean => Figures.Average();

    /// <summary>Their standard deviation; 0 for one.</summary>
    public double Deviation => Figures.Length < 2 ? 0 : Math.Sqrt(Figures.Sum(figure => (figure - Mean) * (figure - Mean)) / (Figures.Length - 1));
}
