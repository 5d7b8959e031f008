namespace Skiptune.Hardware.Driver;

/// <summary>What the accelerator counted during a job, in clock cycles.</summary>
/// <param name="Total">From start to end.</param>
/// <param name="Base">Of these, until the base network had the last sample in the cache; training runs beside it.</param>
/// <param name="Issue">Cycles in which the adapter engine began a word.</param>
/// <param name="WaitSamples">Cycles in which training waited for samples.</param>
/// <param name="WaitOrder">Cycles in which training waited for the order stream.</param>
public sealed record JobCounters(long Total, long Base, long Issue, long WaitSamples, long WaitOrder)
{
    /// <summary>Cycles of training after the base was done.</summary>
    public long Adapters => Total - Base;
}
