namespace Skiptune.Streaming;

/// <summary>What every learner asks of the values it is given.</summary>
internal static class Samples
{
    /// <summary>The largest size of a value: squares of sums of such values stay within float32.</summary>
    public const float Largest = 1e12f;

    /// <exception cref="ArgumentException">A value is not a number, infinite, or larger than <see cref="Largest"/>.</exception>
    public static void Check(ReadOnlySpan<float> values, string name)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (!(MathF.Abs(values[i]) <= Largest))
                throw new ArgumentException($"value {i} is {values[i]}; values have to be finite and at most {Largest:0e0} in size", name);
        }
    }

    /// <exception cref="ArgumentException">There is another number of values.</exception>
    public static void CheckLength(int length, int expected, string name)
    {
        if (length != expected)
            throw new ArgumentException($"there are {length} values where {expected} are expected", name);
    }
}
