namespace Skiptune.Hardware.Simulation;

/// <summary>The master's side of an AXI4-Stream into a simulated module.</summary>
internal sealed class OutgoingStream(RtlModule module, string name)
{
    private readonly RtlPort _valid = module.Port($"i_{name}_tvalid");
    private readonly RtlPort _data = module.Port($"i_{name}_tdata");
    private readonly RtlPort _last = module.Port($"i_{name}_tlast");
    private readonly RtlPort _ready = module.Port($"o_{name}_tready");
    private readonly Queue<uint[]> _packets = [];
    private int _next;

    public bool IsEmpty => _packets.Count == 0;

    public int Left => _packets.Count;

    public void Send(IEnumerable<uint[]> packets)
    {
        foreach (uint[] packet in packets)
            _packets.Enqueue(packet);
    }

    public void Clear()
    {
        _packets.Clear();
        _next = 0;
    }

    /// <summary>Puts the next word on the port for the coming clock edge, and counts it as gone if it will be taken there.</summary>
    public void Offer(bool stalls)
    {
        bool valid = !stalls && _packets.Count > 0;
        module.Inputs.Write(_valid.Offset, 1, valid ? 1 : 0);
        if (!valid)
            return;
        uint[] packet = _packets.Peek();
        module.Inputs.Write(_data.Offset, _data.Width, packet[_next]);
        module.Inputs.Write(_last.Offset, 1, _next == packet.Length - 1 ? 1 : 0);
        if (module.Outputs.Read(_ready.Offset, 1) == 0)
            return;
        _next++;
        if (_next == packet.Length)
        {
            _packets.Dequeue();
            _next = 0;
        }
    }
}
