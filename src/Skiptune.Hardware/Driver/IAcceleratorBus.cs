using Skiptune.Hardware.Registers;

namespace Skiptune.Hardware.Driver;

/// <summary>The streams into the accelerator.</summary>
internal enum AcceleratorStream
{
    Parameters,
    Samples,
    Order,
}

/// <summary>How the driver reaches an accelerator: registers, streams and the interrupt. On a board or simulated.</summary>
internal interface IAcceleratorBus
{
    /// <summary>Reads a register.</summary>
    uint Read(Register register);

    /// <summary>Writes a register.</summary>
    void Write(Register register, uint value);

    /// <summary>Hands packets to a stream; they go out in order, while other things happen. Samples are 16 bits wide.</summary>
    void Send(AcceleratorStream stream, IEnumerable<uint[]> packets);

    /// <summary>Forgets all packets that were not taken yet.</summary>
    void Discard();

    /// <summary>Waits until a stream has taken all that was sent.</summary>
    void Flush(AcceleratorStream stream, CancellationToken cancellationToken);

    /// <summary>Waits for the interrupt, while packets go out.</summary>
    /// <returns>False if it did not come in any reasonable time.</returns>
    bool WaitForInterrupt(CancellationToken cancellationToken);

    /// <summary>Takes all words of a packet from the result stream.</summary>
    /// <param name="count">How many the packet has.</param>
    /// <param name="cancellationToken">Ends it with an exception.</param>
    uint[] Receive(int count, CancellationToken cancellationToken);
}
