using Skiptune.Hardware.Adapters;
using Skiptune.Hardware.Driver;
using Skiptune.Hardware.Jobs;
using Skiptune.Hardware.Registers;
using Skiptune.Hardware.Simulation;
using Skiptune.Numerics;

namespace Skiptune.Hardware.Tests;

/// <summary>Whole jobs over the simulated bus, driven by the driver of a board, against the integer model.</summary>
public sealed class JobTests
{
    private static readonly AcceleratorOptions Hardware = RandomJobs.Hardware;

    [Fact]
    public void Jobs_follow_each_other_without_reset_and_are_bit_exact()
    {
        using SimulatedBus bus = Open(Hardware);
        AcceleratorDriver driver = new(bus);
        driver.Check(Hardware);
        for (int seed = 0; seed < 3; seed++)
        {
            AcceleratorJob job = RandomJobs.Make(Hardware, samples: 20 - 7 * seed, batch: 7, epochs: 3, seed);
            driver.LoadNetwork(job, TestContext.Current.CancellationToken);
            JobCounters counters = Check(driver, job);
            Assert.InRange(counters.Base, 500 * job.Images.Length, 500 * (job.Images.Length + 5));
        }
    }

    [Fact]
    public void Saturating_adapters_and_rates_are_bit_exact()
    {
        using SimulatedBus bus = Open(Hardware);
        AcceleratorJob job = RandomJobs.Make(Hardware, samples: 33, batch: 32, epochs: 2, seed: 5, scale: 7.99, rate: 60_000);
        AcceleratorDriver driver = new(bus);
        driver.LoadNetwork(job, TestContext.Current.CancellationToken);
        Check(driver, job);
    }

    [Fact]
    public void Batches_of_one_are_bit_exact()
    {
        using SimulatedBus bus = Open(Hardware);
        AcceleratorJob job = RandomJobs.Make(Hardware, samples: 9, batch: 1, epochs: 2, seed: 6);
        AcceleratorDriver driver = new(bus);
        driver.LoadNetwork(job, TestContext.Current.CancellationToken);
        Check(driver, job);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(20)]
    public void Stalls_on_every_stream_change_no_bit(int rarity)
    {
        using SimulatedBus bus = Open(Hardware);
        SeededRandom random = new(rarity);
        bus.Stalls = _ => random.NextInt32(rarity) == 0;
        bus.ResultStalls = () => random.NextInt32(rarity) == 0;
        AcceleratorJob job = RandomJobs.Make(Hardware, samples: 20, batch: 6, epochs: 3, seed: 7);
        AcceleratorDriver driver = new(bus);
        driver.LoadNetwork(job, TestContext.Current.CancellationToken);
        Check(driver, job);
    }

    [Theory]
    [InlineData(false, 900)]
    [InlineData(true, 5000)]
    [InlineData(false, 9000)]
    public void A_job_can_be_stopped_at_any_time_and_the_next_is_bit_exact(bool reset, int cycles)
    {
        using SimulatedBus bus = Open(Hardware);
        AcceleratorDriver driver = new(bus);
        AcceleratorJob first = RandomJobs.Make(Hardware, samples: 20, batch: 5, epochs: 3, seed: 8);
        driver.LoadNetwork(first, TestContext.Current.CancellationToken);
        driver.Begin(first, TestContext.Current.CancellationToken);
        for (int i = 0; i < cycles; i++)
            bus.Step();
        Assert.Equal(1u, bus.Read(RegisterMap.Status) & 1);
        // What the first job still had to send is gone with it.
        if (reset)
            bus.Reset();
        else
            driver.Stop();
        Assert.Equal(0u, bus.Read(RegisterMap.Status) & 1);
        AcceleratorJob second = RandomJobs.Make(Hardware, samples: 17, batch: 4, epochs: 2, seed: 8);
        Check(driver, second);
    }

    [Fact]
    public void The_least_hardware_is_bit_exact() => CheckOther(RandomJobs.LeastHardware, RandomJobs.Least);

    [Fact]
    public void The_most_hardware_is_bit_exact()
    {
        AcceleratorOptions most = new() { Lanes = 64, Rank = 8, Classes = 16, Samples = 64 };
        CheckOther(most, SimulatedBus.Design(most));
    }

    private static void CheckOther(AcceleratorOptions options, RtlDesign design)
    {
        Tools.Require();
        using SimulatedBus bus = new(design, TestContext.Current.CancellationToken);
        AcceleratorJob job = RandomJobs.Make(options, samples: 20, batch: 7, epochs: 3, seed: options.Lanes);
        AcceleratorDriver driver = new(bus);
        driver.Check(options);
        driver.LoadNetwork(job, TestContext.Current.CancellationToken);
        Check(driver, job);
    }

    private static SimulatedBus Open(AcceleratorOptions options)
    {
        Tools.Require();
        return new SimulatedBus(options, cancellationToken: TestContext.Current.CancellationToken);
    }

    private static JobCounters Check(AcceleratorDriver driver, AcceleratorJob job)
    {
        (AdapterState adapters, JobCounters counters) = driver.Run(job, TestContext.Current.CancellationToken);
        RandomJobs.AssertSame(job.RunModel(TestContext.Current.CancellationToken), adapters);
        Assert.False(adapters.SameAs(job.Start), "nothing was learned");
        return counters;
    }
}
