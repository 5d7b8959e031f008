using System.Collections.Immutable;
using System.Diagnostics;
using Skiptune.Compare.Jobs;
using Skiptune.Compare.Measuring;
using Skiptune.Compare.Results;
using Skiptune.Data;
using Skiptune.FineTuning;
using Skiptune.Numerics;

namespace Skiptune.Compare.Scaling;

/// <summary>Measures how time and memory of Skip2-LoRA grow, one quantity at a time.</summary>
internal static class ScalingRun
{
    private const int Repeats = 5;
    private const int WarmMilliseconds = 100;

    // Until nothing is compiled anew any more.
    private const int WarmUpSeconds = 4;

    private static readonly string[] Caches = ["float32", "int4"];
    private static readonly RunShape Reference = new("float32", ReferenceTask.Samples);

    public static ScalingResult Measure(Setup setup, Measurements results)
    {
        bool quick = setup.Options.Quick;
        OtherLoad load = OtherLoad.Start();
        int[] samples = quick ? [256, 1024, 4096] : [256, 1024, 4096, 16_384, 65_536];
        DataSet data = Tile(setup.Task.Train, samples.Max());
        int repeats = quick ? 1 : Repeats;
        WarmUp();
        ImmutableArray<ScalingAxis> axes =
        [
            Axis("samples", samples, (shape, n) => shape with { Samples = n }, point => point.Total),
            // The fill happens once, however many epochs follow.
            Axis("epochs", quick ? [5, 10, 20] : [5, 10, 20, 40, 80, 160], (shape, n) => shape with { Epochs = n }, point => point.Steps),
            Axis("rank", quick ? [2, 4, 8] : [1, 2, 4, 8, 16, 32, 64], (shape, n) => shape with { Rank = n }),
            Axis("taps", [1, 2, 3, 4, 5], (shape, n) => shape with { Taps = n }),
            Axis("batch", quick ? [10, 20, 40] : [5, 10, 20, 40, 80, 160, 320], (shape, n) => shape with { Batch = n }),
            Axis("threads", [.. Enumerable.Range(1, Environment.ProcessorCount)], (shape, n) => shape with { Threads = n }),
        ];
        results.OtherLoads["scaling"] = load.Processors();
        return new ScalingResult(axes, MeasureMemory(samples, quick, results));

        ScalingAxis Axis(string name, int[] values, Func<RunShape, int, RunShape> with, Func<ScalingPoint, double>? linearOf = null)
        {
            Console.Error.WriteLine($"measuring time against {name}");
            return new ScalingAxis(name, [.. from value in values from point in Time(with(Reference, value), value) select point], linearOf);
        }

        IEnumerable<ScalingPoint> Time(RunShape shape, int x)
        {
            DataSet train = data.Take(shape.Samples);
            List<(double Total, double Steps)>[] times = [.. Caches.Select(_ => new List<(double, double)>())];
            for (int round = 0; round < repeats; round++)
            {
                for (int i = 0; i < Caches.Length; i++)
                {
                    FineTuneOptions options = (shape with { Cache = Caches[i] }).Options();
                    // As in a contest's turn, short runs warm up first.
                    FineTuneResult result;
                    Stopwatch clock = Stopwatch.StartNew();
                    bool warm;
                    do
                    {
                        warm = clock.ElapsedMilliseconds >= WarmMilliseconds;
                        using FineTuner tuner = setup.Task.Model.CreateFineTuner(options);
                        result = tuner.Fit(train);
                    }
                    while (!warm);
                    times[i].Add((1000 * result.Seconds, 1000 * result.StepSeconds));
                }
            }
            return Caches.Select((cache, i) => new ScalingPoint(cache, x, Statistics.Median(times[i].Select(time => time.Total)), Statistics.Median(times[i].Select(time => time.Steps))));
        }

        void WarmUp()
        {
            for (Stopwatch clock = Stopwatch.StartNew(); clock.Elapsed.TotalSeconds < WarmUpSeconds;)
                _ = Time(Reference, 0).ToArray();
        }
    }

    // More samples than there are: the same ones again.
    private static TensorDataSet Tile(DataSet set, int count)
    {
        Tensor values = new(set.SampleShape.Prepend(count));
        int[] labels = new int[count];
        for (int i = 0; i < count; i++)
        {
            set.Read([i % set.Count], values.Rows(i, 1).Span);
            labels[i] = set.Labels[i % set.Count];
        }
        return new TensorDataSet(values, labels, set.ClassCount);
    }

    private static ImmutableArray<MemoryPoint> MeasureMemory(int[] samples, bool quick, Measurements results)
    {
        if (!File.Exists("/proc/self/status"))
        {
            results.Miss("memory", "there is no /proc/self/status");
            return [];
        }
        Console.Error.WriteLine("measuring memory");
        // One epoch, unless epochs are the question: memory must not grow with them.
        RunShape once = Reference with { Epochs = 1 };
        List<(string What, RunShape Shape)> runs = [.. samples.Select(n => ($"{n} samples", once with { Samples = n }))];
        if (!quick)
        {
            runs.AddRange(((int[])[20, 80]).Select(n => ($"{n} epochs", once with { Epochs = n })));
            runs.AddRange(((int[])[16, 64]).Select(n => ($"rank {n}", once with { Rank = n })));
            runs.AddRange(((int[])[1, 3]).Select(n => ($"{n} tap(s)", once with { Taps = n })));
            runs.AddRange(((int[])[80, 320]).Select(n => ($"batch {n}", once with { Batch = n })));
            runs.Add(("2 threads", once with { Threads = 2 }));
        }
        return [.. from run in runs from cache in Caches select Memory(run.What, run.Shape with { Cache = cache }, quick ? 2 : 3)];
    }

    private static MemoryPoint Memory(string what, RunShape shape, int repeats)
    {
        // The buffers of the baseline's own small run were in its peak, too.
        (long Peak, long Planned)[] baselines = [.. Enumerable.Range(0, repeats).Select(_ => MemoryChild.Start(shape, baseline: true))];
        (long Peak, long Planned)[] peaks = [.. Enumerable.Range(0, repeats).Select(_ => MemoryChild.Start(shape, baseline: false))];
        long noise = Math.Max(Spread(baselines), Spread(peaks));
        double measured = Statistics.Median(peaks.Select(peak => (double)peak.Peak)) - Statistics.Median(baselines.Select(one => (double)(one.Peak - one.Planned)));
        return new MemoryPoint(what, shape.Cache, shape.Samples, peaks[0].Planned, (long)measured, noise);

        static long Spread((long Peak, long)[] all) => all.Max(one => one.Peak) - all.Min(one => one.Peak);
    }
}
