using Skiptune.Data;
using Skiptune.FineTuning;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.Tests.FineTuning;

public class RunTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(7)]
    public void A_run_cancelled_in_mid_epoch_keeps_the_last_whole_epoch(int stepsIntoEpoch)
    {
        // Without a cache every step reads the data once: the reads count the steps.
        FineTuneOptions options = new() { Method = FineTuneMethod.SkipLora, Epochs = 6, BatchSize = 8 };
        Dictionary<string, float[]> third = [];
        using CancellationTokenSource source = new();
        CountingDataSet data = new(SmallNetworks.Data());
        int last = int.MaxValue;
        data.OnRead = count =>
        {
            if (count == last)
                source.Cancel();
        };
        using FineTuner tuner = new(SmallNetworks.Branched(), "base", options);
        FineTuneResult cancelled = tuner.Fit(data, null, new Synchronous(progress =>
        {
            if (progress.Epoch == 3)
                last = data.Reads + 1 + stepsIntoEpoch;
        }), source.Token);
        Assert.True(cancelled.Cancelled);
        Assert.Equal(3, cancelled.Epochs);
        Assert.True(cancelled.Losses.Count > 3 * 8 || stepsIntoEpoch == 0, "the run ended at an epoch's end");

        // The same run, schedule included, ended exactly after its third epoch.
        using CancellationTokenSource exact = new();
        using FineTuner other = new(SmallNetworks.Branched(), "base", options);
        FineTuneResult whole = other.Fit(SmallNetworks.Data(), null, new Synchronous(progress =>
        {
            if (progress.Epoch == 3)
                exact.Cancel();
        }), exact.Token);
        foreach ((string name, Tensor tensor) in cancelled.Adapter.Tensors)
            Assert.Equal(whole.Adapter.Tensors[name].Span.ToArray(), tensor.Span.ToArray());
        Assert.Contains(cancelled.Adapter.Tensors.Values, tensor => tensor.Span.ContainsAnyExcept(0f));
    }

    [Fact]
    public void A_run_that_diverges_in_its_last_step_saves_nothing()
    {
        using FineTuner tuner = new(SmallNetworks.Branched(), "base", new FineTuneOptions { Optimizer = new Sgd { LearningRate = 3e38f }, BatchSize = 1024, Epochs = 1, Alpha = 1e6f });
        SkiptuneException error = Assert.Throws<SkiptuneException>(() => tuner.Fit(SmallNetworks.Data()));
        Assert.Contains("finite", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void More_steps_than_a_run_can_count_are_refused()
    {
        using FineTuner tuner = new(SmallNetworks.Branched(), "base", new FineTuneOptions { Epochs = 1_000_000, BatchSize = 1 });
        Assert.Throws<SkiptuneException>(() => tuner.Fit(SmallNetworks.Data(600)));
    }

    [Fact]
    public void A_run_cancelled_before_its_first_epoch_ends_leaves_the_base()
    {
        using CancellationTokenSource source = new();
        source.Cancel();
        using FineTuner tuner = new(SmallNetworks.Branched(), "base", new FineTuneOptions());
        FineTuneResult result = tuner.Fit(SmallNetworks.Data(), cancellationToken: source.Token);
        Assert.Equal(0, result.Epochs);
        Assert.True(result.Cancelled);
        Assert.All(result.Adapter.Tensors.Where(pair => pair.Key.Contains("_B", StringComparison.Ordinal)), pair => Assert.True(pair.Value.Span.IndexOfAnyExcept(0f) < 0));
    }

    [Fact]
    public void A_step_allocates_nothing_once_warm()
    {
        foreach (FineTuneMethod method in FineTuneMethod.All)
        {
            foreach (CacheFormat cache in method.RequiresCache ? CacheFormat.All.Skip(1) : [CacheFormat.None])
            {
                // All that a run keeps of 160 more steps is their losses, for which there is room from the start. What
                // differs besides passes: code that is still to be optimised may allocate, and a collection that another
                // test causes can count room that the thread has not used. What a step allocates it allocates each time.
                long bytes = long.MaxValue;
                for (int time = 0; time < 20 && bytes != 160 * sizeof(float); time++)
                    bytes = -Allocated(method, cache, epochs: 4) + Allocated(method, cache, epochs: 24);
                Assert.True(bytes == 160 * sizeof(float), $"{method} with {cache}: {bytes} bytes in 160 more steps");
            }
        }
    }

    [Fact]
    public void The_bits_of_a_sample_depend_on_neither_batch_nor_position()
    {
        Graph graph = SmallNetworks.Branched();
        TensorDataSet data = SmallNetworks.Data(40);
        float[] alone = Logits(graph, data, [17]);
        SeededRandom random = new(1);
        foreach (int batch in (int[])[2, 3, 7, 16, 33, 64])
        {
            int[] samples = [.. Enumerable.Range(0, batch).Select(_ => random.NextInt32(40))];
            int position = random.NextInt32(batch);
            samples[position] = 17;
            Assert.Equal(alone, Logits(graph, data, samples).AsSpan(position * 3, 3).ToArray());
        }
    }

    [Theory]
    [InlineData(1024, 20, TailBatch.Spread, 52, 19, 20)]
    [InlineData(1024, 20, TailBatch.Keep, 52, 4, 20)]
    [InlineData(1024, 20, TailBatch.Drop, 51, 20, 20)]
    [InlineData(5, 20, TailBatch.Spread, 1, 5, 5)]
    [InlineData(40, 20, TailBatch.Keep, 2, 20, 20)]
    [InlineData(1, 1, TailBatch.Drop, 1, 1, 1)]
    public void Batches_are_cut_as_the_tail_policy_says(int samples, int batch, TailBatch tail, int count, int smallest, int largest)
    {
        int[] sizes = [.. BatchPlan.Cut(samples, batch, tail)];
        Assert.Equal(count, sizes.Length);
        Assert.Equal(smallest, sizes.Min());
        Assert.Equal(largest, sizes.Max());
        Assert.Equal(tail == TailBatch.Drop ? samples / batch * batch : samples, sizes.Sum());
        Assert.Equal(sizes.Max(), sizes[0]);
    }

    [Fact]
    public void Schedules_have_their_textbook_values()
    {
        Assert.Equal(1, Schedule.Constant.Factor(7, 10));
        Assert.Equal(1, Schedule.Cosine.Factor(0, 10));
        Assert.Equal(0.5f, Schedule.Cosine.Factor(5, 10), 1e-6f);
        Schedule warm = Schedule.Cosine with { WarmupSteps = 4 };
        Assert.Equal(0.2f, warm.Factor(0, 14), 1e-6f);
        Assert.Equal(0.8f, warm.Factor(3, 14), 1e-6f);
        Assert.Equal(1, warm.Factor(4, 14), 1e-6f);
        Assert.Equal(0.5f, warm.Factor(9, 14), 1e-6f);
    }

    [Theory]
    [InlineData("rank")]
    [InlineData("alpha")]
    [InlineData("epochs")]
    [InlineData("batch")]
    [InlineData("rate")]
    [InlineData("cache")]
    [InlineData("beta")]
    public void Options_out_of_range_are_refused_in_one_line(string what)
    {
        FineTuneOptions good = new();
        FineTuneOptions bad = what switch
        {
            "rank" => good with { Rank = 0 },
            "alpha" => good with { Alpha = float.NaN },
            "epochs" => good with { Epochs = 0 },
            "batch" => good with { BatchSize = -1 },
            "rate" => good with { Optimizer = new Sgd { LearningRate = -1 } },
            "cache" => good with { Cache = CacheFormat.None },
            _ => good with { Optimizer = new Adam { Beta1 = 1 } },
        };
        SkiptuneException error = Assert.Throws<SkiptuneException>(() => new FineTuner(SmallNetworks.Branched(), "base", bad));
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void A_loss_that_is_not_a_number_ends_the_run_with_advice()
    {
        using FineTuner tuner = new(SmallNetworks.Branched(), "base", new FineTuneOptions { Method = FineTuneMethod.FtAllLora, Optimizer = new Sgd { LearningRate = 1e30f } });
        SkiptuneException error = Assert.Throws<SkiptuneException>(() => tuner.Fit(SmallNetworks.Data()));
        Assert.Contains("smaller learning rate", error.Message, StringComparison.Ordinal);
    }

    private static long Allocated(FineTuneMethod method, CacheFormat cache, int epochs)
    {
        TensorDataSet data = SmallNetworks.Data();
        int[] order = [.. Enumerable.Range(0, data.Count)];
        using FineTuner tuner = new(
            SmallNetworks.Branched(), "base", new FineTuneOptions { Method = method, Cache = cache, Epochs = epochs, BatchSize = 8, Threads = 1, Order = _ => order });
        tuner.Fit(data);
        long before = GC.GetAllocatedBytesForCurrentThread();
        tuner.Fit(data);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static float[] Logits(Graph graph, TensorDataSet data, int[] samples)
    {
        using Workers workers = new(2);
        GraphProgram program = GraphProgram.Compile(
            graph, samples.Length, new Dictionary<string, Tensor>(), new Dictionary<string, Tensor>(), new ProgramContext(KernelSet.Current, workers));
        data.Read(samples, program.Value("x").Span);
        program.Forward();
        return program.Value("logits").Span.ToArray();
    }

    /// <summary>Another data set that tells how often it was read.</summary>
    private sealed class CountingDataSet(DataSet source) : DataSet(source.SampleShape, source.Targets)
    {
        public int Reads { get; private set; }

        public Action<int>? OnRead { get; set; }

        protected override void ReadSamples(ReadOnlySpan<int> indices, Span<float> destination)
        {
            source.Read(indices, destination);
            OnRead?.Invoke(++Reads);
        }
    }

    /// <summary>Reports at once, on the calling thread.</summary>
    private sealed class Synchronous(Action<FineTuneProgress> report) : IProgress<FineTuneProgress>
    {
        public void Report(FineTuneProgress value) => report(value);
    }
}
