namespace Skiptune.Numerics;

/// <summary>What becomes of the results of a convolution before they are written: perhaps a MaxPool, then min(max(x, low), high).</summary>
/// <param name="Low">The lower limit; -infinity for none.</param>
/// <param name="High">The upper limit; infinity for none.</param>
internal readonly record struct Epilogue(float Low, float High)
{
    /// <summary>The results as they are.</summary>
    public static Epilogue None { get; } = new(float.NegativeInfinity, float.PositiveInfinity);

    /// <summary>True if there is a limit.</summary>
    public bool Clamps => !float.IsNegativeInfinity(Low) || !float.IsPositiveInfinity(High);

    /// <summary>The window of the MaxPool; null for none.</summary>
    public Window? Pool { get; init; }

    /// <summary>What to do before the pooling, if there is one: the largest of limited values is the limited largest, and after it there are fewer.</summary>
    public Epilogue BeforePool() => Pool is null ? this : None;

    /// <summary>The values that become of a plane.</summary>
    public int Pixels(int height, int width) => Pool is { } pool ? pool.OutputHeight(height) * pool.OutputWidth(width) : height * width;
}
