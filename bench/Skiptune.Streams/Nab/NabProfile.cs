namespace Skiptune.Streams.Nab;

/// <summary>What right and wrong alarms are worth.</summary>
/// <param name="Name">As NAB calls it.</param>
/// <param name="TruePositive">An anomaly found at once.</param>
/// <param name="FalsePositive">An alarm without an anomaly, taken off.</param>
/// <param name="FalseNegative">A missed anomaly, taken off.</param>
internal sealed record NabProfile(string Name, double TruePositive, double FalsePositive, double FalseNegative)
{
    /// <summary>The three of NAB 1.0 and 1.1.</summary>
    public static NabProfile[] All { get; } = [new("standard", 1, 0.11, 1), new("reward low FP rate", 1, 0.22, 1), new("reward low FN rate", 1, 0.11, 2)];
}
