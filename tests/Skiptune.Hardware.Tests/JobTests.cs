using Skiptune.Hardware.Adapters;
using Skiptune.Hardware.Driver;
using Skiptune.Hardware.Jobs;
using Skiptune.Hardware.Simulation;

namespace Skiptune.Hardware.Tests;

/// <summary>Whole jobs over the simulated bus, driven by the driver of a board, against the integer model.</summary>
public sealed class JobTests
{
    [Theory]
    [InlineData(32, 4, 10, 20, 7)]
    public void A_job_is_bit_exact(int lanes, int rank, int classes, int samples, int batch)
    {
        Tools.Require();
        AcceleratorOptions options = new() { Lanes = lanes, Rank = rank, Classes = classes, Samples = 64 };
        AcceleratorJob job = RandomJobs.Make(options, samples, batch, epochs: 3, seed: lanes + rank);
        using SimulatedBus bus = new(options, cancellationToken: TestContext.Current.CancellationToken);
        AcceleratorDriver driver = new(bus);
        driver.Check(options);
        driver.LoadNetwork(job, TestContext.Current.CancellationToken);
        (AdapterState adapters, JobCounters counters) = driver.Run(job, TestContext.Current.CancellationToken);
        RandomJobs.AssertSame(job.RunModel(TestContext.Current.CancellationToken), adapters);
        Assert.InRange(counters.Total, counters.Base + 1, 500_000);
    }
}
