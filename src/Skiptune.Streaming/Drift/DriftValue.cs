namespace Skiptune.Streaming.Drift;

/// <summary>What every detector over one value asks of it.</summary>
internal static class DriftValue
{
    /// <summary>The value of an input.</summary>
    /// <exception cref="ArgumentException">It is not finite.</exception>
    public static double Finite(in DriftInput input) => double.IsFinite(input.Value) && Math.Abs(input.Value) <= Largest
        ? input.Value
        : throw new ArgumentException($"the value is {input.Value}; a drift detector takes finite values of at most {Largest:0e0} in size", nameof(input));

    // Squares of differences and their sums stay finite.
    private const double Largest = 1e100;
}
