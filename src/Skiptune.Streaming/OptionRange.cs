using System.Runtime.CompilerServices;

namespace Skiptune.Streaming;

/// <summary>Refuses options out of their range by name.</summary>
internal static class OptionRange
{
    /// <exception cref="ArgumentOutOfRangeException">The value is below the least, above the most, or not a number.</exception>
    public static void Check(double value, double least, double most, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (!(value >= least && value <= most))
            throw new ArgumentOutOfRangeException(name, value, $"{name} has to be between {least} and {most}");
    }
}
