using Skiptune.Compare.Machine;

namespace Skiptune.Compare.Results;

/// <summary>The results with what they were measured on.</summary>
internal sealed record Report(MachineFacts Machine, string? Commit, DateTimeOffset Date, bool Quick, Measurements Results)
{
    /// <summary>What readers must know before they trust a figure; null if nothing.</summary>
    public string? Warning => (Results.Idle, Quick) switch
    {
        (false, _) => FormattableString.Invariant($"Other processes used up to {Results.OtherLoads.Values.Max():F2} processors: these times are not to be trusted."),
        (null, _) => "How busy other processes kept the machine is not known.",
        (_, true) => "Measured in few rounds (--quick): good to see that everything runs, not for figures.",
        _ => null,
    };
}
