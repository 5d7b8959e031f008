using Skiptune.Hardware.Adapters;
using Skiptune.Hardware.Driver;
using Skiptune.Hardware.Jobs;
using Skiptune.Hardware.Registers;
using Skiptune.Hardware.Simulation;

namespace Skiptune.Hardware.Tests;

/// <summary>Packets and registers as no driver should send them: an error in Status, and a good job after it.</summary>
public sealed class HostileDriverTests
{
    private static readonly AcceleratorOptions Hardware = RandomJobs.Hardware;

    private static readonly CancellationToken None = CancellationToken.None;

    [Theory]
    [InlineData("a sample in two packets", "a sample was not 392 words and a label")]
    [InlineData("a sample without its label", "a sample was not 392 words and a label")]
    [InlineData("a sample of a word too much", "a sample was not 392 words and a label")]
    [InlineData("a sample beyond the job", "the order named a sample beyond the job, or too large a batch")]
    [InlineData("a batch too large", "the order named a sample beyond the job, or too large a batch")]
    [InlineData("a header alone", "a row of parameters ended early")]
    [InlineData("a row cut short", "a row of parameters ended early")]
    public void What_is_sent_wrong_is_named_and_the_next_job_is_bit_exact(string wrong, string error)
    {
        using SimulatedBus bus = Open();
        AcceleratorJob job = RandomJobs.Make(Hardware, samples: 6, batch: 3, epochs: 2, seed: 1);
        AcceleratorDriver driver = new(bus);
        driver.LoadNetwork(job, None);
        SkiptuneException exception = Assert.Throws<SkiptuneException>(() => new AcceleratorDriver(new AlteringBus(bus, (stream, packets) => Alter(wrong, stream, packets))).Run(job, None));
        Assert.Contains(error, exception.Message, StringComparison.Ordinal);
        driver.Stop();
        Assert.Equal(0u, bus.Read(RegisterMap.Status) & ~4u);
        RandomJobs.AssertSame(job.RunModel(None), driver.Run(job, None).Adapters);
    }

    [Fact]
    public void Data_that_does_not_come_is_an_error_and_not_a_wait_for_ever()
    {
        using SimulatedBus bus = Open();
        AcceleratorJob job = RandomJobs.Make(Hardware, samples: 6, batch: 3, epochs: 2, seed: 2);
        AcceleratorDriver driver = new(bus);
        driver.LoadNetwork(job, None);
        AlteringBus silent = new(bus, (stream, packets) => stream == AcceleratorStream.Order ? packets.Take(1) : packets);
        SkiptuneException exception = Assert.Throws<SkiptuneException>(() => new AcceleratorDriver(silent).Run(job, None));
        Assert.Contains("did not end its job in time; its status reads 0x1", exception.Message, StringComparison.Ordinal);
        Assert.Equal(0u, bus.Read(RegisterMap.Status));
        RandomJobs.AssertSame(job.RunModel(None), driver.Run(job, None).Adapters);
    }

    [Fact]
    public void A_job_without_steps_fills_the_cache_and_changes_nothing()
    {
        using SimulatedBus bus = Open();
        AcceleratorJob job = RandomJobs.Make(Hardware, samples: 3, batch: 3, epochs: 1, seed: 3) with { Steps = [] };
        AcceleratorDriver driver = new(bus);
        driver.LoadNetwork(job, None);
        RandomJobs.AssertSame(job.Start, driver.Run(job, None).Adapters);
    }

    [Fact]
    public void Starting_again_or_asking_for_results_during_a_job_changes_nothing()
    {
        using SimulatedBus bus = Open();
        AcceleratorJob job = RandomJobs.Make(Hardware, samples: 6, batch: 3, epochs: 2, seed: 4);
        AcceleratorDriver driver = new(bus);
        driver.LoadNetwork(job, None);
        AlteringBus impatient = new(bus, (_, packets) =>
        {
            if ((bus.Read(RegisterMap.Status) & 1) == 1)
            {
                bus.Write(RegisterMap.Control, 1);
                bus.Write(RegisterMap.Control, 4);
                bus.Write(RegisterMap.Control, 0xFFFFFFF8);
            }
            return packets;
        });
        RandomJobs.AssertSame(job.RunModel(None), new AcceleratorDriver(impatient).Run(job, None).Adapters);
    }

    [Fact]
    public void Headers_of_memories_and_rows_that_do_not_exist_do_no_harm_that_a_good_load_does_not_undo()
    {
        using SimulatedBus bus = Open();
        AcceleratorJob job = RandomJobs.Make(Hardware, samples: 4, batch: 2, epochs: 2, seed: 5);
        uint[] headers = [.. Enumerable.Range(0, 16).Select(memory => (uint)memory << 28 | 0x0FFFFE00 | 0x1FF)];
        bus.Send(AcceleratorStream.Parameters, headers.Select(header => (uint[])[header, .. Enumerable.Repeat(0xDEADBEEF, 500)]));
        bus.Flush(AcceleratorStream.Parameters, None);
        Assert.Equal(16u, bus.Read(RegisterMap.Status));
        bus.Write(RegisterMap.Status, 16);
        AcceleratorDriver driver = new(bus);
        driver.LoadNetwork(job, None);
        RandomJobs.AssertSame(job.RunModel(None), driver.Run(job, None).Adapters);
    }

    private static IEnumerable<uint[]> Alter(string wrong, AcceleratorStream stream, IEnumerable<uint[]> packets)
    {
        bool first = true;
        foreach (uint[] packet in packets)
        {
            foreach (uint[] altered in first ? Altered(packet) : [packet])
                yield return altered;
            first = false;
        }

        uint[][] Altered(uint[] packet) => (wrong, stream) switch
        {
            ("a sample in two packets", AcceleratorStream.Samples) => [packet[..100], packet[100..]],
            ("a sample without its label", AcceleratorStream.Samples) => [packet[..^1]],
            ("a sample of a word too much", AcceleratorStream.Samples) => [[.. packet, 0]],
            ("a sample beyond the job", AcceleratorStream.Order) => [[packet[0] & 0xFFFF0000 | 60, .. packet[1..]]],
            ("a batch too large", AcceleratorStream.Order) => [[.. Enumerable.Repeat(packet[0], Hardware.Batch + 1)]],
            ("a header alone", AcceleratorStream.Parameters) => [packet[..1], packet],
            ("a row cut short", AcceleratorStream.Parameters) => [packet[..50], packet],
            _ => [packet],
        };
    }

    private static SimulatedBus Open()
    {
        Tools.Require();
        return new SimulatedBus(Hardware, cancellationToken: TestContext.Current.CancellationToken) { Patience = 20_000 };
    }

    /// <summary>A bus that alters what is sent.</summary>
    private sealed class AlteringBus(IAcceleratorBus bus, Func<AcceleratorStream, IEnumerable<uint[]>, IEnumerable<uint[]>> alter) : IAcceleratorBus
    {
        public uint Read(Register register) => bus.Read(register);

        public void Write(Register register, uint value) => bus.Write(register, value);

        public void Send(AcceleratorStream stream, IEnumerable<uint[]> packets) => bus.Send(stream, [.. alter(stream, packets)]);

        public void Discard() => bus.Discard();

        public void Flush(AcceleratorStream stream, CancellationToken cancellationToken) => bus.Flush(stream, cancellationToken);

        public bool WaitForInterrupt(CancellationToken cancellationToken) => bus.WaitForInterrupt(cancellationToken);

        public uint[] Receive(int count, CancellationToken cancellationToken) => bus.Receive(count, cancellationToken);
    }
}
