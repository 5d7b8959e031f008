namespace Skiptune.Hardware.Board;

/// <summary>
/// One direction of a Xilinx AXI DMA in direct register mode (PG021): one transfer at a time, each a packet of the stream.
/// </summary>
internal sealed class AxiDmaChannel(IRegisterWindow registers, AxiDmaDirection direction, string name)
{
    private const int Control = 0x00;
    private const int Status = 0x04;
    private const int Address = 0x18;
    private const int AddressHigh = 0x1C;
    private const int Length = 0x28;

    private const uint Run = 1;
    private const uint ResetBit = 1 << 2;
    private const uint Halted = 1;
    private const uint Idle = 1 << 1;
    private const uint InternalError = 1 << 4;
    private const uint SlaveError = 1 << 5;
    private const uint DecodeError = 1 << 6;

    private const int MostTries = 100_000;

    private bool _running;

    /// <summary>Whether a transfer was begun and not yet seen to end.</summary>
    public bool IsBusy { get; private set; }

    /// <summary>Ends all that the engine does, in both directions.</summary>
    /// <exception cref="SkiptuneException">It does not answer.</exception>
    public void Reset()
    {
        Write(Control, ResetBit);
        Await(() => (Read(Control) & ResetBit) == 0, "does not come out of its reset");
        Forget();
    }

    /// <summary>Counts on nothing that was before: the engine was reset.</summary>
    public void Forget()
    {
        IsBusy = false;
        _running = false;
    }

    /// <summary>Begins a transfer.</summary>
    /// <param name="address">Where in memory.</param>
    /// <param name="bytes">How much; what comes in may be less.</param>
    public void Start(ulong address, int bytes)
    {
        if (!_running)
        {
            Write(Control, Run);
            Await(() => (Read(Status) & Halted) == 0, "does not start");
            _running = true;
        }
        Write(Address, (uint)address);
        Write(AddressHigh, (uint)(address >> 32));
        // What lies in the buffer has to be there before the engine looks.
        Interlocked.MemoryBarrier();
        Write(Length, (uint)bytes);
        IsBusy = true;
    }

    /// <summary>Whether no transfer is on its way.</summary>
    /// <exception cref="SkiptuneException">The engine reports an error.</exception>
    public bool IsDone()
    {
        if (!IsBusy)
            return true;
        uint status = Read(Status);
        string? error = (status & DecodeError) != 0 ? "has no memory at the buffer's address"
            : (status & SlaveError) != 0 ? "was refused by the memory"
            : (status & InternalError) != 0 ? "reports an internal error (a packet longer than its buffer, or a length register that is too narrow)"
            : (status & Halted) != 0 ? "halted"
            : null;
        if (error is not null)
            throw new SkiptuneException($"the DMA engine of the {name} {error}; its status reads 0x{status:X8}");
        if ((status & Idle) == 0)
            return false;
        // Reads of the buffer come after this.
        Interlocked.MemoryBarrier();
        IsBusy = false;
        return true;
    }

    /// <summary>The bytes that came in with the last transfer.</summary>
    public int Received => (int)Read(Length);

    private uint Read(int register) => registers.Read((int)direction + register);

    private void Write(int register, uint value) => registers.Write((int)direction + register, value);

    private void Await(Func<bool> done, string failure)
    {
        for (int i = 0; i < MostTries; i++)
        {
            if (done())
                return;
        }
        throw new SkiptuneException($"the DMA engine of the {name} {failure}; its status reads 0x{Read(Status):X8}");
    }
}

/// <summary>The registers of a direction begin there.</summary>
internal enum AxiDmaDirection
{
    /// <summary>MM2S.</summary>
    FromMemory = 0x00,

    /// <summary>S2MM.</summary>
    ToMemory = 0x30,
}
