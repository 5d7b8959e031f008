using System.Diagnostics;
using Skiptune.Hardware.Driver;
using Skiptune.Hardware.Registers;

namespace Skiptune.Hardware.Board;

/// <summary>The register windows of a board: the accelerator and the three DMA engines of its streams.</summary>
/// <param name="Accelerator">The accelerator's registers.</param>
/// <param name="ParameterDma">The engine of the parameters, and of the results in the other direction.</param>
/// <param name="SampleDma">The engine of the samples.</param>
/// <param name="OrderDma">The engine of the order.</param>
internal sealed record BoardWindows(IRegisterWindow Accelerator, IRegisterWindow ParameterDma, IRegisterWindow SampleDma, IRegisterWindow OrderDma);

/// <summary>An accelerator in programmable logic, its streams fed by AXI DMA.</summary>
internal sealed class BoardBus : IAcceleratorBus
{
    /// <summary>What the buffer has to have at least.</summary>
    public const int LeastBuffer = 512 << 10;

    // More than the parameters of a layer or all masters take: 64 KiB with 64 lanes and rank 8.
    private const int ParameterArea = 128 << 10;

    private const uint Done = 2;
    private const int SpinsBetweenChecks = 1024;
    private static readonly TimeSpan Nap = TimeSpan.FromMilliseconds(20);

    private readonly IRegisterWindow _registers;
    private readonly AxiDmaChannel[] _engines;
    private readonly DmaStream[] _streams;
    private readonly AxiDmaChannel _resultChannel;
    private readonly DmaBuffer _resultArea;
    private readonly IInterrupt _interrupt;
    private readonly TimeSpan _timeout;

    /// <summary>Makes it; nothing is read or written yet, and the engines have to be reset with <see cref="Discard"/> before anything is sent.</summary>
    /// <param name="windows">The registers.</param>
    /// <param name="buffer">At least <see cref="LeastBuffer"/> bytes.</param>
    /// <param name="interrupt">How the end is waited for.</param>
    /// <param name="timeout">How long nothing may happen.</param>
    /// <exception cref="SkiptuneException">The buffer is too small.</exception>
    public BoardBus(BoardWindows windows, DmaBuffer buffer, IInterrupt interrupt, TimeSpan timeout)
    {
        if (buffer.Size < LeastBuffer)
            throw new SkiptuneException($"the DMA buffer has {buffer.Size} bytes; {LeastBuffer} are the least");
        _registers = windows.Accelerator;
        _interrupt = interrupt;
        _timeout = timeout;
        _resultArea = buffer.Slice(0, ParameterArea);
        DmaBuffer rest = buffer.Slice(2 * ParameterArea, buffer.Size - 2 * ParameterArea);
        int samples = rest.Size / 4 / DmaBuffer.Alignment * DmaBuffer.Alignment * 3;
        _engines =
        [
            new(windows.ParameterDma, AxiDmaDirection.FromMemory, "parameters"),
            new(windows.SampleDma, AxiDmaDirection.FromMemory, "samples"),
            new(windows.OrderDma, AxiDmaDirection.FromMemory, "order"),
        ];
        _resultChannel = new(windows.ParameterDma, AxiDmaDirection.ToMemory, "results");
        _streams =
        [
            new(_engines[0], buffer.Slice(ParameterArea, ParameterArea), sizeof(uint), "parameters"),
            new(_engines[1], rest.Slice(0, samples), sizeof(ushort), "samples"),
            new(_engines[2], rest.Slice(samples, rest.Size - samples), sizeof(uint), "order"),
        ];
    }

    public uint Read(Register register) => _registers.Read(register.Offset);

    public void Write(Register register, uint value) => _registers.Write(register.Offset, value);

    public void Send(AcceleratorStream stream, IEnumerable<uint[]> packets) => _streams[(int)stream].Send(packets);

    public void Discard()
    {
        foreach (AxiDmaChannel engine in _engines)
            engine.Reset();
        _resultChannel.Forget();
        foreach (DmaStream stream in _streams)
            stream.Clear();
    }

    public void Flush(AcceleratorStream stream, CancellationToken cancellationToken)
    {
        if (!Advance(() => _streams[(int)stream].IsEmpty, cancellationToken))
            throw new SkiptuneException($"the accelerator took no {stream.ToString().ToLowerInvariant()} for {_timeout.TotalSeconds:0.#} s");
    }

    public bool WaitForInterrupt(CancellationToken cancellationToken)
    {
        // A job does not end before it has taken all that was sent to it.
        if (!Advance(() => _streams.All(stream => stream.IsEmpty), cancellationToken))
            return false;
        Stopwatch clock = Stopwatch.StartNew();
        while ((Read(RegisterMap.Status) & Done) == 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (clock.Elapsed > _timeout)
                return false;
            _interrupt.Wait(Nap);
        }
        return true;
    }

    public uint[] Receive(int count, CancellationToken cancellationToken)
    {
        int bytes = count * sizeof(uint);
        if (bytes > _resultArea.Size)
            throw new SkiptuneException($"results of {bytes} bytes do not fit into the {_resultArea.Size} of the DMA buffer");
        _resultChannel.Start(_resultArea.Address, bytes);
        if (!Advance(_resultChannel.IsDone, cancellationToken))
            throw new SkiptuneException($"the accelerator sent no results for {_timeout.TotalSeconds:0.#} s");
        return _resultChannel.Received == bytes
            ? _resultArea.Read(count)
            : throw new SkiptuneException($"the accelerator sent {_resultChannel.Received} bytes of results, not {bytes}");
    }

    // Feeds the streams until something holds; false if nothing happens for too long.
    private bool Advance(Func<bool> done, CancellationToken cancellationToken)
    {
        Stopwatch idle = Stopwatch.StartNew();
        for (int spins = 0; !done(); spins++)
        {
            bool moved = false;
            foreach (DmaStream stream in _streams)
                moved |= stream.Advance();
            if (moved)
                idle.Restart();
            if (spins % SpinsBetweenChecks != 0)
                continue;
            cancellationToken.ThrowIfCancellationRequested();
            if (idle.Elapsed > _timeout)
                return false;
        }
        return true;
    }
}
