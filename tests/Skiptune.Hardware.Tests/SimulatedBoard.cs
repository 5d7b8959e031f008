using System.Runtime.InteropServices;
using Skiptune.Hardware.Board;
using Skiptune.Hardware.Driver;
using Skiptune.Hardware.Registers;
using Skiptune.Hardware.Simulation;
using Skiptune.Numerics;

namespace Skiptune.Hardware.Tests;

/// <summary>
/// A board around the simulated accelerator: registers, the registers of three AXI DMA engines as PG021 describes them in direct
/// register mode, memory they share with the driver, and the interrupt. Every access takes clock cycles.
/// </summary>
internal sealed unsafe class SimulatedBoard : IInterrupt, IDisposable
{
    private const ulong PhysicalAddress = 0x1_7000_0000;

    private readonly SimulatedBus _bus;
    private readonly SeededRandom _random = new(1);
    private readonly uint* _memory;
    private readonly int _bytes;

    public SimulatedBoard(AcceleratorOptions options, int bufferBytes = BoardBus.LeastBuffer)
    {
        Tools.Require();
        _bus = new SimulatedBus(options, cancellationToken: TestContext.Current.CancellationToken) { Patience = 50_000 };
        _bytes = bufferBytes;
        _memory = (uint*)NativeMemory.AlignedAlloc((nuint)bufferBytes, DmaBuffer.Alignment);
        new Span<byte>(_memory, bufferBytes).Fill(0xA5);
        Buffer = new DmaBuffer(PhysicalAddress, _memory, bufferBytes);
        Windows = new BoardWindows(new Registers(this), new Dma(this, AcceleratorStream.Parameters), new Dma(this, AcceleratorStream.Samples), new Dma(this, AcceleratorStream.Order));
    }

    public DmaBuffer Buffer { get; }

    public BoardWindows Windows { get; }

    /// <summary>False for an interrupt line that leads nowhere.</summary>
    public bool InterruptWorks { get; init; } = true;

    /// <summary>A stream whose words go nowhere.</summary>
    public AcceleratorStream? Cut { get; set; }

    /// <summary>What DMA engines report besides, such as an error.</summary>
    public uint DmaStatus { get; set; }

    public int Transfers { get; private set; }

    public long Cycle => _bus.Cycle;

    public BoardBus Bus(double timeoutSeconds = 20) => new(Windows, Buffer, this, TimeSpan.FromSeconds(timeoutSeconds));

    public void Wait(TimeSpan most)
    {
        for (int i = 0; i < 20_000 && !(InterruptWorks && _bus.Interrupt); i++)
            _bus.Step();
    }

    public void Dispose()
    {
        _bus.Dispose();
        NativeMemory.AlignedFree(_memory);
    }

    private void Pass()
    {
        for (int i = _random.NextInt32(40); i >= 0; i--)
            _bus.Step();
    }

    private sealed class Registers(SimulatedBoard board) : IRegisterWindow
    {
        public uint Read(int offset)
        {
            board.Pass();
            return board._bus.Read(Of(offset));
        }

        public void Write(int offset, uint value)
        {
            board.Pass();
            board._bus.Write(Of(offset), value);
        }

        private static Register Of(int offset) => RegisterMap.All.Single(register => register.Offset == offset);
    }

    private sealed class Dma(SimulatedBoard board, AcceleratorStream stream) : IRegisterWindow
    {
        private readonly Channel _out = new();
        private readonly Channel _in = new();

        public uint Read(int offset)
        {
            board.Pass();
            Channel channel = offset < 0x30 ? _out : _in;
            return (offset % 0x30) switch
            {
                0x00 => channel.Running ? 1u : 0,
                0x04 => Status(channel),
                0x28 => channel.Length,
                _ => throw new InvalidOperationException($"DMA register 0x{offset:X} was read"),
            };
        }

        public void Write(int offset, uint value)
        {
            board.Pass();
            Channel channel = offset < 0x30 ? _out : _in;
            switch (offset % 0x30)
            {
                case 0x00 when (value & 4) != 0:
                    // Either direction's reset is both's.
                    _out.Reset();
                    _in.Reset();
                    board._bus.Discard(stream);
                    break;
                case 0x00:
                    channel.Running = (value & 1) != 0;
                    break;
                case 0x18:
                    channel.Address = channel.Address & 0xFFFFFFFF_00000000 | value;
                    break;
                case 0x1C:
                    channel.Address = channel.Address & 0xFFFFFFFF | (ulong)value << 32;
                    break;
                case 0x28:
                    Begin(channel, value);
                    break;
                default:
                    throw new InvalidOperationException($"DMA register 0x{offset:X} was written");
            }
        }

        private void Begin(Channel channel, uint length)
        {
            // A length that is written while the engine stands or works is lost: the driver's mistake.
            Assert.True(channel.Running, "a transfer was begun while the engine was halted");
            Assert.False(channel.Busy, "a transfer was begun during another");
            Assert.NotEqual(0u, length);
            Assert.Equal(0u, channel.Address % DmaBuffer.Alignment);
            board.Transfers++;
            channel.Length = length;
            channel.Begun = channel.Busy = true;
            if (channel.Address < PhysicalAddress || channel.Address + length > PhysicalAddress + (ulong)board._bytes)
            {
                channel.Error = 1 << 6;
                channel.Running = false;
                return;
            }
            if (channel != _out || board.Cut == stream)
                return;
            byte* memory = (byte*)board._memory + (channel.Address - PhysicalAddress);
            int width = stream == AcceleratorStream.Samples ? sizeof(ushort) : sizeof(uint);
            board._bus.Send(stream, [[.. Enumerable.Range(0, (int)length / width).Select(i => width == sizeof(uint) ? ((uint*)memory)[i] : ((ushort*)memory)[i])]]);
        }

        private uint Status(Channel channel)
        {
            if (channel.Busy && channel.Error == 0 && channel == _out && board.Cut != stream)
                channel.Busy = !board._bus.IsSent(stream);
            if (channel.Busy && channel.Error == 0 && channel == _in)
            {
                uint[] words = board._bus.Receive((int)channel.Length / sizeof(uint), CancellationToken.None);
                words.CopyTo(new Span<uint>((byte*)board._memory + (channel.Address - PhysicalAddress), words.Length));
                channel.Busy = false;
            }
            // Before the first transfer an engine that runs is not called idle.
            return (channel.Running ? 0 : 1u) | (channel.Running && channel.Begun && !channel.Busy ? 2u : 0) | channel.Error | board.DmaStatus;
        }

        private sealed class Channel
        {
            public bool Running { get; set; }

            public bool Begun { get; set; }

            public bool Busy { get; set; }

            public uint Error { get; set; }

            public ulong Address { get; set; }

            public uint Length { get; set; }

            public void Reset() => (Running, Begun, Busy, Error, Length) = (false, false, false, 0, 0);
        }
    }
}
