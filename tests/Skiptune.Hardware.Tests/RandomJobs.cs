using Skiptune.Hardware.Adapters;
using Skiptune.Hardware.Arithmetic;
using Skiptune.Hardware.Base;
using Skiptune.Hardware.Jobs;
using Skiptune.Hardware.Simulation;
using Skiptune.Numerics;

namespace Skiptune.Hardware.Tests;

/// <summary>Jobs of random networks, images and adapters.</summary>
internal static class RandomJobs
{
    /// <summary>The accelerator as it is meant to be built, of which the tests simulate one build.</summary>
    public static readonly AcceleratorOptions Hardware = new();

    /// <summary>The least of everything, built to write waveforms: one build for the jobs and for the waveforms.</summary>
    public static readonly RtlDesign Least = SimulatedBus.Design(LeastHardware) with { Trace = true };

    public static AcceleratorOptions LeastHardware => new() { Lanes = 16, Rank = 1, Classes = 1, Samples = 64 };

    public static AcceleratorJob Make(AcceleratorOptions options, int samples, int batch, int epochs, int seed, double scale = 0.1, int rate = 2000)
    {
        SeededRandom random = new(seed);
        IntegerNetwork network = new(
        [
            Modules.Layer(random, 6, 25, shift: 8),
            Modules.Layer(random, 16, 150, shift: 9),
            Modules.Layer(random, 120, 400, shift: 10),
            Modules.Layer(random, 84, 120, shift: 10),
            Modules.Layer(random, options.Classes, 84, shift: 9),
        ])
        { TapGains = [0, 1, 1, 2, 2] };
        AdapterState start = new(options);
        int most = (int)(scale * (1 << Formats.MasterFraction));
        Vectors.Fill(start.Down, () => random.NextInt32(2 * most) - most);
        Vectors.Fill(start.Up, () => random.NextInt32(2 * most) - most);
        TrainingStep[] steps = [.. Steps(random, samples, batch, epochs, rate)];
        return new AcceleratorJob(
            options,
            network,
            [.. Enumerable.Range(0, samples).Select(i => i == 1 ? new byte[LayerTable.Pixels] : Modules.Bytes(random, LayerTable.Pixels))],
            [.. Enumerable.Range(0, samples).Select(_ => (byte)random.NextInt32(options.Classes))],
            steps,
            start);
    }

    /// <summary>Each epoch in an order of its own; batches of different sizes: the rest of each epoch, and one alone.</summary>
    public static IEnumerable<TrainingStep> Steps(SeededRandom random, int samples, int batch, int epochs, int rate)
    {
        int count = 0;
        for (int epoch = 0; epoch < epochs; epoch++)
        {
            int[] order = [.. Enumerable.Range(0, samples)];
            if (epoch > 0)
                random.Shuffle(order.AsSpan());
            for (int first = 0; first < samples;)
            {
                int size = Math.Min(samples - first, first == 0 && epoch == 1 ? 1 : batch);
                yield return new TrainingStep(order[first..(first + size)], rate + 10 * count++);
                first += size;
            }
        }
    }

    public static void AssertSame(AdapterState expected, AdapterState actual)
    {
        Assert.Equal(expected.Up.Cast<int>(), actual.Up.Cast<int>());
        Assert.Equal(expected.Down.Cast<int>(), actual.Down.Cast<int>());
    }
}
