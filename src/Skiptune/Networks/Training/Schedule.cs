namespace Skiptune.Networks;

/// <summary>How the learning rate changes over a run: a linear warm-up, then constant or half a cosine down to 0.</summary>
public sealed record Schedule
{
    private readonly bool _cosine;

    private Schedule(string name, bool cosine)
    {
        Name = name;
        _cosine = cosine;
    }

    /// <summary>The same rate at every step.</summary>
    public static Schedule Constant { get; } = new("constant", cosine: false);

    /// <summary>rate * (1 + cos(pi t / T)) / 2 at step t of T (Loshchilov and Hutter, 2017, without restarts).</summary>
    public static Schedule Cosine { get; } = new("cosine", cosine: true);

    /// <summary>The name on the command line.</summary>
    public string Name { get; }

    /// <summary>Steps over which the rate first rises linearly from 1/(steps+1) of itself; 0 (the default) or more.</summary>
    public int WarmupSteps { get; init; }

    /// <summary>What the rate is multiplied with.</summary>
    /// <param name="step">The step, from 0.</param>
    /// <param name="total">All steps.</param>
    public float Factor(int step, int total)
    {
        if (step < WarmupSteps)
            return (step + 1f) / (WarmupSteps + 1f);
        if (!_cosine)
            return 1;
        int length = Math.Max(1, total - WarmupSteps);
        return (float)(0.5 * (1 + Math.Cos(Math.PI * (step - WarmupSteps) / length)));
    }
}
