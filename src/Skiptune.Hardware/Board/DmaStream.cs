namespace Skiptune.Hardware.Board;

/// <summary>
/// Packets on their way into the accelerator. They are written ahead into a ring of the buffer, so that a transfer follows the
/// other without the processor copying between them.
/// </summary>
internal sealed class DmaStream(AxiDmaChannel channel, DmaBuffer area, int wordBytes, string name)
{
    private readonly Queue<uint[]> _waiting = [];

    // Written into the area, the oldest first; that one may be on its way.
    private readonly Queue<(int Offset, int Bytes)> _written = [];
    private int _end;
    private bool _started;

    /// <summary>Whether all was taken.</summary>
    public bool IsEmpty => _waiting.Count == 0 && _written.Count == 0;

    /// <summary>Hands packets over.</summary>
    /// <exception cref="SkiptuneException">A packet does not fit into the buffer.</exception>
    public void Send(IEnumerable<uint[]> packets)
    {
        foreach (uint[] packet in packets)
        {
            if (DmaBuffer.Rounded(packet.Length * wordBytes) > area.Size)
                throw new SkiptuneException($"a packet of {name} has {packet.Length * wordBytes} bytes, more than the {area.Size} that the DMA buffer has for them; make the buffer larger");
            _waiting.Enqueue(packet);
        }
        Write();
    }

    /// <summary>Goes on as far as it can without waiting.</summary>
    /// <returns>Whether something happened.</returns>
    /// <exception cref="SkiptuneException">The DMA engine reports an error.</exception>
    public bool Advance()
    {
        if (_written.Count == 0 || !channel.IsDone())
            return false;
        if (_started)
        {
            _written.Dequeue();
            _started = false;
        }
        if (_written.TryPeek(out (int Offset, int Bytes) next))
        {
            channel.Start(area.Address + (ulong)next.Offset, next.Bytes);
            _started = true;
        }
        Write();
        return true;
    }

    /// <summary>Forgets what was not taken; the engine was reset.</summary>
    public void Clear()
    {
        _waiting.Clear();
        _written.Clear();
        _started = false;
        _end = 0;
    }

    private void Write()
    {
        while (_waiting.TryPeek(out uint[]? packet) && Place(DmaBuffer.Rounded(packet.Length * wordBytes)) is { } offset)
        {
            _written.Enqueue((offset, area.Write(offset, packet, wordBytes)));
            _end = offset + DmaBuffer.Rounded(packet.Length * wordBytes);
            _waiting.Dequeue();
        }
    }

    // Where so many bytes lie in one piece, or null while they do not. A ring that is not empty never fills up to the last
    // byte, so its end is its beginning only when it is empty.
    private int? Place(int bytes)
    {
        if (_written.Count == 0)
            return 0;
        int begin = _written.Peek().Offset;
        if (_end > begin)
            return bytes <= area.Size - _end ? _end : bytes < begin ? 0 : null;
        return bytes < begin - _end ? _end : null;
    }
}
