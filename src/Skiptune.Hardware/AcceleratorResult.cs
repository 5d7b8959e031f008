using Skiptune.FineTuning;
using Skiptune.Hardware.Driver;

namespace Skiptune.Hardware;

/// <summary>What came out of a fine-tuning on the accelerator, simulated or not.</summary>
public sealed record AcceleratorResult
{
    /// <summary>The adapter: an ordinary one, for the float model.</summary>
    public required Adapter Adapter { get; init; }

    /// <summary>Cycles of the job.</summary>
    public required JobCounters Cycles { get; init; }

    /// <summary>In simulation: cycles of loading weights and adapters before it, 32 bits a cycle; the weights stay over jobs. Else null.</summary>
    public long? LoadCycles { get; init; }

    /// <summary>In simulation: cycles of reading the adapters after it. Else null.</summary>
    public long? ReadCycles { get; init; }

    /// <summary>True if the hardware ended with the bits of the integer model.</summary>
    public required bool BitExact { get; init; }

    /// <summary>Wall-clock seconds of loading, the job and reading, without building a simulator.</summary>
    public required double Seconds { get; init; }

    /// <summary>The time of the job in milliseconds.</summary>
    /// <param name="clockMegahertz">The clock, above 0.</param>
    public double Milliseconds(double clockMegahertz) => Cycles.Total / clockMegahertz / 1000;
}

/// <summary>Which cycles of a job's simulation are written as waveforms.</summary>
/// <param name="Path">The file, FST.</param>
/// <param name="From">The first cycle, counted from the start of the job.</param>
/// <param name="Count">How many.</param>
public sealed record TraceWindow(string Path, long From, long Count);
