using System.Buffers.Binary;
using Skiptune.Hardware.Driver;
using Skiptune.Hardware.Jobs;
using Skiptune.Hardware.Simulation;

namespace Skiptune.Hardware.Tests;

/// <summary>Waveforms of a window of a job.</summary>
public sealed class TraceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("skiptune-trace-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(300, 100, 100)]
    // What a job does not reach is left out.
    [InlineData(300, 1_000_000_000, -1)]
    public void Waveforms_have_the_cycles_of_the_window(long from, long count, long expected)
    {
        Tools.Require();
        string path = Path.Combine(_folder, "window.fst");
        AcceleratorJob job = RandomJobs.Make(RandomJobs.LeastHardware, samples: 2, batch: 2, epochs: 2, seed: 1);
        long start;
        long end;
        using (SimulatedBus bus = new(RandomJobs.Least, TestContext.Current.CancellationToken))
        {
            AcceleratorDriver driver = new(bus);
            driver.LoadNetwork(job, CancellationToken.None);
            start = bus.Cycle + from;
            bus.TraceWindow = (start, count, path);
            RandomJobs.AssertSame(job.RunModel(CancellationToken.None), driver.Run(job, CancellationToken.None).Adapters);
            end = expected < 0 ? bus.Cycle : start + expected;
        }
        // The header of FST: type and length of the block, first and last time, byte order, memory, scopes, signals.
        byte[] file = File.ReadAllBytes(path);
        Assert.Equal((0, 329L), ((int)file[0], Number(file, 1)));
        // Two times a cycle, after one for the model's making.
        Assert.Equal((2 * start + 1, 2 * end), (Number(file, 9), Number(file, 17)));
        Assert.InRange(Number(file, 41), 100, 100_000);
        Assert.InRange(Number(file, 49), 1000, 1_000_000);
        Assert.InRange(file.Length, 10_000 + 20 * (end - start), 100_000_000);
    }

    private static long Number(byte[] file, int offset) => BinaryPrimitives.ReadInt64BigEndian(file.AsSpan(offset));
}
