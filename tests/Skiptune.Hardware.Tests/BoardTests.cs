using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Skiptune.Hardware.Board;
using Skiptune.Hardware.Driver;
using Skiptune.Hardware.Jobs;
using Skiptune.Hardware.Registers;
using Skiptune.Numerics;

namespace Skiptune.Hardware.Tests;

/// <summary>The bus of a board: against the simulated accelerator behind DMA engines, and against files in place of devices.</summary>
public sealed class BoardTests : IDisposable
{
    private static readonly AcceleratorOptions Hardware = RandomJobs.Hardware;

    private static readonly CancellationToken None = CancellationToken.None;

    private readonly string _folder = Directory.CreateTempSubdirectory("skiptune-board-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Jobs_through_DMA_are_bit_exact(bool interruptWorks)
    {
        using SimulatedBoard board = new(Hardware) { InterruptWorks = interruptWorks };
        AcceleratorDriver driver = new(board.Bus());
        driver.Check(Hardware);
        driver.Stop();
        for (int seed = 0; seed < 2; seed++)
        {
            AcceleratorJob job = RandomJobs.Make(Hardware, samples: 20 - 7 * seed, batch: 7, epochs: 3, seed);
            driver.LoadNetwork(job, None);
            int before = board.Transfers;
            (Adapters.AdapterState adapters, JobCounters counters) = driver.Run(job, None);
            RandomJobs.AssertSame(job.RunModel(None), adapters);
            // Each packet is a transfer: A, B, samples, batches, results.
            Assert.Equal(2 + job.Images.Length + job.Steps.Length + 1, board.Transfers - before);
            Assert.InRange(counters.Total, 1, board.Cycle);
        }
    }

    [Fact]
    public void What_does_not_come_is_an_error_after_the_time_allowed_and_the_next_job_is_bit_exact()
    {
        using SimulatedBoard board = new(Hardware);
        AcceleratorJob job = RandomJobs.Make(Hardware, samples: 6, batch: 3, epochs: 2, seed: 3);
        AcceleratorDriver driver = new(board.Bus(timeoutSeconds: 0.3));
        driver.LoadNetwork(job, None);
        foreach (AcceleratorStream stream in new[] { AcceleratorStream.Samples, AcceleratorStream.Order })
        {
            board.Cut = stream;
            Assert.Contains("did not end its job in time; its status reads 0x1,", Assert.Throws<SkiptuneException>(() => driver.Run(job, None)).Message, StringComparison.Ordinal);
        }
        board.Cut = AcceleratorStream.Parameters;
        Assert.Contains("took no parameters for 0.3 s", Assert.Throws<SkiptuneException>(() => driver.Run(job, None)).Message, StringComparison.Ordinal);
        board.Cut = null;
        RandomJobs.AssertSame(job.RunModel(None), driver.Run(job, None).Adapters);
    }

    [Theory]
    [InlineData(1u << 4, "internal error")]
    [InlineData(1u << 5, "was refused by the memory")]
    [InlineData(1u << 6, "has no memory at the buffer's address")]
    public void An_error_of_a_DMA_engine_is_named(uint status, string error)
    {
        using SimulatedBoard board = new(Hardware);
        AcceleratorJob job = RandomJobs.Make(Hardware, samples: 3, batch: 3, epochs: 1, seed: 4);
        AcceleratorDriver driver = new(board.Bus());
        board.DmaStatus = status;
        string message = Assert.Throws<SkiptuneException>(() => driver.LoadNetwork(job, None)).Message;
        Assert.Contains("the DMA engine of the parameters", message, StringComparison.Ordinal);
        Assert.Contains(error, message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_buffer_where_the_engines_see_no_memory_is_an_error()
    {
        using SimulatedBoard board = new(Hardware);
        AcceleratorJob job = RandomJobs.Make(Hardware, samples: 3, batch: 3, epochs: 1, seed: 4);
        unsafe
        {
            uint* memory = (uint*)NativeMemory.AlignedAlloc(BoardBus.LeastBuffer, DmaBuffer.Alignment);
            try
            {
                AcceleratorDriver driver = new(new BoardBus(board.Windows, new DmaBuffer(0x1000_0000, memory, BoardBus.LeastBuffer), board, TimeSpan.FromSeconds(1)));
                Assert.Contains("no memory at the buffer's address", Assert.Throws<SkiptuneException>(() => driver.LoadNetwork(job, None)).Message, StringComparison.Ordinal);
            }
            finally
            {
                NativeMemory.AlignedFree(memory);
            }
        }
    }

    [Fact]
    public void Packets_of_any_size_pass_a_small_ring_in_order()
    {
        const int Bytes = 1024;
        SeededRandom random = new(5);
        unsafe
        {
            uint* memory = (uint*)NativeMemory.AlignedAlloc(Bytes, DmaBuffer.Alignment);
            try
            {
                DmaBuffer area = new(0x5000, memory, Bytes);
                FakeChannel engine = new(random, address => new Span<uint>(memory + (address - 0x5000) / 4, (int)(Bytes - (address - 0x5000)) / 4));
                foreach (int width in new[] { 2, 4 })
                {
                    engine.Packets.Clear();
                    DmaStream stream = new(new AxiDmaChannel(engine, AxiDmaDirection.FromMemory, "test"), area, width, "test");
                    uint[][] packets = [.. Enumerable.Range(0, 300).Select(i => Enumerable.Range(0, 1 + random.NextInt32(i % 5 == 0 ? Bytes / width : 60)).Select(_ => (uint)random.NextUInt64() & (width == 2 ? 0xFFFF : uint.MaxValue)).ToArray())];
                    stream.Send(packets);
                    while (!stream.IsEmpty)
                        stream.Advance();
                    Assert.Equal(packets, engine.Packets.Select(packet => width == 4 ? MemoryMarshal.Cast<byte, uint>(packet).ToArray() : [.. MemoryMarshal.Cast<byte, ushort>(packet).ToArray().Select(word => (uint)word)]));
                    Assert.Contains("make the buffer larger", Assert.Throws<SkiptuneException>(() => stream.Send([new uint[Bytes / width + 1]])).Message, StringComparison.Ordinal);
                }
            }
            finally
            {
                NativeMemory.AlignedFree(memory);
            }
        }
    }

    [Theory]
    [InlineData(0x534B5431u, 0x00B4A420u, null)]
    [InlineData(0xFFFFFFFFu, 0x00B4A420u, "there is no accelerator at this address: its identity reads 0xFFFFFFFF")]
    [InlineData(0x534B5431u, 0x00B4A421u, "configuration reads 0x00B4A421, which this driver does not know: the accelerator has 16, 32 or 64 lanes, not 33")]
    public void Registers_of_a_device_are_mapped(uint identity, uint configuration, string? error)
    {
        BoardOptions options = MakeDevice();
        WriteWord(options.Device, RegisterMap.Identity.Offset, identity);
        WriteWord(options.Device, RegisterMap.Configuration.Offset, configuration);
        if (error is not null)
        {
            Assert.Contains(error, Assert.Throws<SkiptuneException>(() => new BoardAccelerator(options, _folder)).Message, StringComparison.Ordinal);
            return;
        }
        using BoardAccelerator accelerator = new(options, _folder);
        Assert.Equal(new AcceleratorOptions(), accelerator.Hardware);
        // The engines of a file do not answer, and what the driver wrote is in the file: the abort, and the reset of the first engine.
        using BoardDevice device = BoardDevice.Open(options, _folder);
        Assert.Contains("the DMA engine of the parameters does not come out of its reset", Assert.Throws<SkiptuneException>(() => new AcceleratorDriver(device.Bus).Stop()).Message, StringComparison.Ordinal);
        Assert.Equal((2u, 4u), (ReadWord(options.Device, RegisterMap.Control.Offset), ReadWord(options.Device, Environment.SystemPageSize)));
    }

    [Fact]
    public void What_is_missing_is_named_in_one_line()
    {
        BoardOptions good = MakeDevice();
        string maps = Path.Combine(_folder, "class", "uio", "uio0", "maps");
        string buffer = Path.Combine(_folder, "class", "u-dma-buf", "udmabuf0");
        AssertError("there is no such device; load the bitstream and the device tree overlay first", good with { Device = Path.Combine(_folder, "uio7") });
        AssertError("there is no such device", good with { Buffer = Path.Combine(_folder, "udmabuf7") });
        AssertError("is no address of a page", good with { Device = "0xA0000004" });
        AssertError("the DMA buffer 0x70000000:0x1000 has 4096 bytes", good with { Buffer = "0x70000000:0x1000" }, "/dev/mem");
        AssertError("the timeout must be above 0", good with { Timeout = TimeSpan.Zero });
        File.WriteAllText(Path.Combine(buffer, "size"), "4096\n");
        AssertError("has 4096 bytes; it has to have 524288", good);
        File.WriteAllText(Path.Combine(buffer, "size"), "many\n");
        AssertError("cannot be read as a number", good);
        File.WriteAllText(Path.Combine(maps, "map1", "size"), "0x00000010\n");
        AssertError("range 1 has 16 bytes", good);
        Directory.Delete(Path.Combine(maps, "map2"), recursive: true);
        File.WriteAllText(Path.Combine(maps, "map1", "size"), "0x1000\n");
        AssertError("has 2 ranges of registers and not 4", good);

        // Without rights to /dev/mem that is the error, and as good.
        void AssertError(string expected, BoardOptions options, string? or = null)
        {
            string message = Assert.Throws<SkiptuneException>(() => new BoardAccelerator(options, _folder)).Message;
            Assert.DoesNotContain('\n', message);
            Assert.True(message.Contains(expected, StringComparison.Ordinal) || or is not null && message.Contains(or, StringComparison.Ordinal), message);
        }
    }

    [Fact]
    public async Task An_interrupt_is_allowed_taken_and_not_waited_for_too_long()
    {
        string path = Path.Combine(_folder, "line");
        using Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        using Socket ours = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        ours.Connect(new UnixDomainSocketEndPoint(path));
        using Socket kernel = listener.Accept();
        using SafeFileHandle file = new(ours.Handle, ownsHandle: false);
        UioInterrupt interrupt = new(file, "/dev/uio0");
        byte[] word = new byte[4];
        for (int i = 0; i < 2; i++)
        {
            // Nothing comes.
            await Task.Run(() => interrupt.Wait(TimeSpan.FromMilliseconds(10)), TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
            Assert.Equal((4, 1), (kernel.Receive(word), MemoryMarshal.Read<int>(word)));
            // One is there, and is taken.
            kernel.Send([(byte)(i + 1), 0, 0, 0]);
            await Task.Run(() => interrupt.Wait(TimeSpan.FromMinutes(1)), TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
            Assert.Equal((4, 1), (kernel.Receive(word), MemoryMarshal.Read<int>(word)));
            Assert.Equal(0, ours.Available);
        }
    }

    // Files in the places of a UIO device and a u-dma-buf, and what sysfs says of them.
    private BoardOptions MakeDevice()
    {
        BoardOptions options = new() { Device = Path.Combine(_folder, "uio0"), Buffer = Path.Combine(_folder, "udmabuf0") };
        File.WriteAllBytes(options.Device, new byte[4 * Environment.SystemPageSize]);
        File.WriteAllBytes(options.Buffer, new byte[BoardBus.LeastBuffer]);
        for (int i = 0; i < 4; i++)
            WriteText($"0x{Environment.SystemPageSize:x16}\n", "class", "uio", "uio0", "maps", $"map{i}", "size");
        WriteText($"{BoardBus.LeastBuffer}\n", "class", "u-dma-buf", "udmabuf0", "size");
        WriteText("0x0000000070000000\n", "class", "u-dma-buf", "udmabuf0", "phys_addr");
        return options;
    }

    private void WriteText(string text, params string[] path)
    {
        string file = Path.Combine([_folder, .. path]);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    private static void WriteWord(string path, int offset, uint value)
    {
        using SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.Write);
        RandomAccess.Write(file, MemoryMarshal.AsBytes([value]), offset);
    }

    private static uint ReadWord(string path, int offset) => MemoryMarshal.Read<uint>(File.ReadAllBytes(path).AsSpan(offset));

    /// <summary>An engine that takes its time, and copies a packet only when it is done with it.</summary>
    private sealed class FakeChannel(SeededRandom random, Func<ulong, Span<uint>> memory) : IRegisterWindow
    {
        private ulong _address;
        private int _bytes;

        public List<byte[]> Packets { get; } = [];

        public uint Read(int offset)
        {
            if (_bytes > 0 && random.NextInt32(3) == 0)
            {
                Packets.Add(MemoryMarshal.AsBytes(memory(_address))[.._bytes].ToArray());
                _bytes = 0;
            }
            return _bytes > 0 ? 0u : 2u;
        }

        public void Write(int offset, uint value)
        {
            _address = offset == 0x18 ? value : _address;
            if (offset != 0x28)
                return;
            Assert.Equal(0, _bytes);
            _bytes = (int)value;
        }
    }
}
