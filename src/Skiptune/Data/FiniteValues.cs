namespace Skiptune.Data;

/// <summary>Looks for values no network can learn from.</summary>
internal static class FiniteValues
{
    /// <summary>The position of the first NaN or infinity, or -1.</summary>
    public static int IndexOfNotFinite(this Span<float> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
                return i;
        }
        return -1;
    }
}
