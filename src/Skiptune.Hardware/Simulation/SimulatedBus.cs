using Skiptune.Hardware.Driver;
using Skiptune.Hardware.Registers;

namespace Skiptune.Hardware.Simulation;

/// <summary>An accelerator that is simulated cycle by cycle, its registers and streams driven as AXI masters would.</summary>
internal sealed class SimulatedBus : IAcceleratorBus, IDisposable
{
    private readonly RtlModule _module;
    private readonly OutgoingStream[] _outgoing;
    private readonly RtlPort _resultValid;
    private readonly RtlPort _resultReady;
    private readonly RtlPort _result;
    private readonly RtlPort _resultLast;
    private readonly RtlPort _interrupt;
    private readonly Queue<(uint Word, bool Last)> _received = [];

    public SimulatedBus(AcceleratorOptions options, CancellationToken cancellationToken = default)
        : this(Design(options), cancellationToken)
    {
    }

    public SimulatedBus(RtlDesign design, CancellationToken cancellationToken = default)
    {
        _module = new RtlModule(design, cancellationToken);
        _outgoing = [new OutgoingStream(_module, "parameter"), new OutgoingStream(_module, "sample"), new OutgoingStream(_module, "order")];
        _resultValid = _module.Port("o_result_tvalid");
        _resultReady = _module.Port("i_result_tready");
        _result = _module.Port("o_result_tdata");
        _resultLast = _module.Port("o_result_tlast");
        _interrupt = _module.Port("o_interrupt");
        Reset();
    }

    /// <summary>The parameters of the RTL.</summary>
    public static RtlDesign Design(AcceleratorOptions options) => RtlDesign.Of(
        "skiptune_accelerator",
        ("LANES", options.Lanes),
        ("RANK", options.Rank),
        ("CLASSES", options.Classes),
        ("SAMPLES", options.Samples),
        ("BATCH", options.Batch));

    /// <summary>Clock cycles so far.</summary>
    public long Cycle => _module.Cycle;

    /// <summary>Cycles without a packet taken after which nothing is waited for any longer: many times what a batch takes.</summary>
    public long Patience { get; set; } = 4_000_000;

    /// <summary>Which streams hold their breath in a cycle, for tests; null for none.</summary>
    public Func<AcceleratorStream, bool>? Stalls { get; set; }

    /// <summary>Whether the result stream's reader holds its breath in a cycle, for tests.</summary>
    public Func<bool>? ResultStalls { get; set; }

    /// <summary>Cycles whose waveforms are written, and where to.</summary>
    public (long From, long Count, string Path)? TraceWindow { get; set; }

    public void Discard()
    {
        foreach (OutgoingStream stream in _outgoing)
            stream.Clear();
        _received.Clear();
    }

    /// <summary>Forgets what a stream has not taken.</summary>
    public void Discard(AcceleratorStream stream) => _outgoing[(int)stream].Clear();

    /// <summary>The reset of the hardware. Nothing is left of what was sent.</summary>
    public void Reset()
    {
        Discard();
        _module["i_rst"] = 1;
        _module.Step(4);
        _module["i_rst"] = 0;
        _module.Step();
    }

    public uint Read(Register register)
    {
        _module["i_control_araddr"] = register.Offset;
        _module["i_control_arvalid"] = 1;
        _module["i_control_rready"] = 1;
        // The address is taken in the first cycle.
        Step();
        _module["i_control_arvalid"] = 0;
        uint value = (uint)_module["o_control_rdata"];
        Step();
        return value;
    }

    public void Write(Register register, uint value)
    {
        _module["i_control_awaddr"] = register.Offset;
        _module["i_control_wdata"] = value;
        _module["i_control_awvalid"] = 1;
        _module["i_control_wvalid"] = 1;
        _module["i_control_bready"] = 1;
        Step();
        _module["i_control_awvalid"] = 0;
        _module["i_control_wvalid"] = 0;
        Step();
    }

    public void Send(AcceleratorStream stream, IEnumerable<uint[]> packets) => _outgoing[(int)stream].Send(packets);

    /// <summary>Whether a stream has taken all that was sent.</summary>
    public bool IsSent(AcceleratorStream stream) => _outgoing[(int)stream].IsEmpty;

    /// <summary>Whether the interrupt line is high.</summary>
    public bool Interrupt => _module.Outputs.Read(_interrupt.Offset, 1) == 1;

    public void Flush(AcceleratorStream stream, CancellationToken cancellationToken)
    {
        if (!StepUntil(() => IsSent(stream), cancellationToken))
            throw new SkiptuneException($"the simulated accelerator takes no {stream.ToString().ToLowerInvariant()}");
    }

    public bool WaitForInterrupt(CancellationToken cancellationToken) => StepUntil(() => Interrupt, cancellationToken);

    public uint[] Receive(int count, CancellationToken cancellationToken)
    {
        _module.Inputs.Write(_resultReady.Offset, 1, 1);
        bool came = StepUntil(() => _received.Count >= count, cancellationToken);
        _module.Inputs.Write(_resultReady.Offset, 1, 0);
        if (!came)
            throw new SkiptuneException($"the simulated accelerator sent {_received.Count} of {count} words of results");
        (uint Word, bool Last)[] words = [.. Enumerable.Range(0, count).Select(_ => _received.Dequeue())];
        return words[^1].Last && !words.SkipLast(1).Any(word => word.Last)
            ? [.. words.Select(word => word.Word)]
            : throw new SkiptuneException($"the simulated accelerator's results do not end with word {count}");
    }

    /// <summary>One clock cycle of everything.</summary>
    public void Step()
    {
        if (TraceWindow is { } window)
        {
            if (Cycle == window.From)
                _module.Trace(window.Path);
            else if (Cycle == window.From + window.Count)
                _module.Trace(null);
        }
        for (int i = 0; i < _outgoing.Length; i++)
            _outgoing[i].Offer(Stalls?.Invoke((AcceleratorStream)i) ?? false);
        bool ready = _module.Inputs.Read(_resultReady.Offset, 1) == 1;
        if (ready && ResultStalls is { } stalls)
            _module.Inputs.Write(_resultReady.Offset, 1, stalls() ? 0 : 1);
        bool taken = _module.Inputs.Read(_resultReady.Offset, 1) == 1 && _module.Outputs.Read(_resultValid.Offset, 1) == 1;
        if (taken)
            _received.Enqueue(((uint)_module.Outputs.Read(_result.Offset, 32), _module.Outputs.Read(_resultLast.Offset, 1) == 1));
        // Ready depends on registers alone, so it is what it was after the last edge.
        _module.Step();
        _module.Inputs.Write(_resultReady.Offset, 1, ready ? 1 : 0);
    }

    public void Dispose()
    {
        if (TraceWindow is { } window && Cycle > window.From)
            _module.Trace(null);
        _module.Dispose();
    }

    // False if nothing moved for too long.
    private bool StepUntil(Func<bool> done, CancellationToken cancellationToken)
    {
        long last = Cycle;
        int left = Left();
        while (!done())
        {
            Step();
            if (Cycle % 4096 != 0)
                continue;
            cancellationToken.ThrowIfCancellationRequested();
            if (Left() != left)
                (last, left) = (Cycle, Left());
            else if (Cycle - last > Patience)
                return false;
        }
        return true;
    }

    private int Left() => _outgoing.Sum(stream => stream.Left);
}
