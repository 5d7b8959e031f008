using Skiptune.Hardware.Adapters;
using Skiptune.Hardware.Arithmetic;
using Skiptune.Hardware.Jobs;
using Skiptune.Hardware.Registers;

namespace Skiptune.Hardware.Driver;

/// <summary>Runs jobs on an accelerator: the software of a board, whatever the bus.</summary>
internal sealed class AcceleratorDriver(IAcceleratorBus bus)
{
    private const uint Start = 1;
    private const uint Abort = 2;
    private const uint SendMasters = 4;
    private const uint Done = 2;

    // Six errors at most; the bits of Status.
    private static readonly (uint Bit, string Meaning)[] Errors =
    [
        (1 << 2, "the order named a sample beyond the job, or too large a batch"),
        (1 << 3, "a sample was not 392 words and a label"),
        (1 << 4, "a row of parameters ended early"),
    ];

    /// <summary>Throws unless the accelerator is there and was built with these options.</summary>
    public void Check(AcceleratorOptions options)
    {
        uint identity = bus.Read(RegisterMap.Identity);
        if (identity != RegisterMap.IdentityValue)
            throw new SkiptuneException($"there is no accelerator at this address: its identity reads 0x{identity:X8}, not 0x{RegisterMap.IdentityValue:X8}; load the bitstream first");
        uint expected = (uint)(options.Lanes | options.Rank << 8 | options.Classes << 12 | int.Log2(options.Samples) << 17 | int.Log2(options.Batch) << 21);
        uint built = bus.Read(RegisterMap.Configuration);
        if (built != expected)
            throw new SkiptuneException($"the accelerator was built with other options: its configuration reads 0x{built:X8}, not 0x{expected:X8}");
    }

    /// <summary>Loads the base's weights. They stay over jobs.</summary>
    public void LoadNetwork(AcceleratorJob job, CancellationToken cancellationToken) => Load(ParameterImage.OfNetwork(job.Network), cancellationToken);

    /// <summary>Runs a job; the weights have to be there.</summary>
    /// <param name="job">The job.</param>
    /// <param name="cancellationToken">Ends it with an exception.</param>
    /// <param name="started">Told when all is loaded and the job begins.</param>
    /// <returns>The adapters after the last step, and what was counted.</returns>
    /// <exception cref="SkiptuneException">The accelerator reported an error.</exception>
    public (AdapterState Adapters, JobCounters Counters) Run(AcceleratorJob job, CancellationToken cancellationToken, Action? started = null)
    {
        Begin(job, cancellationToken, started);
        bus.WaitForInterrupt(cancellationToken);
        uint status = bus.Read(RegisterMap.Status);
        bus.Write(RegisterMap.Status, uint.MaxValue);
        foreach ((uint bit, string meaning) in Errors)
        {
            if ((status & bit) != 0)
                throw new SkiptuneException($"the accelerator stopped trusting its input: {meaning}");
        }
        JobCounters counters = new(
            bus.Read(RegisterMap.Cycles),
            bus.Read(RegisterMap.CyclesBase),
            bus.Read(RegisterMap.CyclesIssue),
            bus.Read(RegisterMap.CyclesWaitSamples),
            bus.Read(RegisterMap.CyclesWaitOrder));
        return (ReadMasters(job.Options, cancellationToken), counters);
    }

    /// <summary>Loads the adapters, starts the job and hands over its data, but does not wait for its end.</summary>
    public void Begin(AcceleratorJob job, CancellationToken cancellationToken, Action? started = null)
    {
        Load(ParameterImage.OfAdapters(job.Start), cancellationToken);
        bus.Write(RegisterMap.Samples, (uint)job.Images.Length);
        bus.Write(RegisterMap.Steps, (uint)job.Steps.Length);
        bus.Write(RegisterMap.Shifts, StreamFormat.Packed(job.Network.Layers.Select(layer => layer.Shift)));
        bus.Write(RegisterMap.Exponents, StreamFormat.Packed(Enumerable.Range(0, LayerTable.Taps.Length).Select(job.Network.TapExponent)));
        bus.Write(RegisterMap.InterruptEnable, 1);
        bus.Write(RegisterMap.Status, Done);
        started?.Invoke();
        bus.Write(RegisterMap.Control, Start);
        bus.Send(AcceleratorStream.Order, job.Steps.Select(StreamFormat.Order));
        bus.Send(AcceleratorStream.Samples, job.Images.Select((image, i) => StreamFormat.Sample(image, job.Labels[i])));
    }

    /// <summary>Ends whatever runs; the base's weights stay.</summary>
    public void Stop() => bus.Write(RegisterMap.Control, Abort);

    private AdapterState ReadMasters(AcceleratorOptions options, CancellationToken cancellationToken)
    {
        bus.Write(RegisterMap.Control, SendMasters);
        return StreamFormat.Masters(bus.Receive(StreamFormat.MasterWords(options), cancellationToken), options);
    }

    private void Load(IEnumerable<ParameterRow> rows, CancellationToken cancellationToken)
    {
        bus.Send(AcceleratorStream.Parameters, StreamFormat.Parameters(rows));
        bus.Flush(AcceleratorStream.Parameters, cancellationToken);
    }
}
