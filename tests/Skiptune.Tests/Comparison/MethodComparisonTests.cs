using Skiptune.Comparison;
using Skiptune.Data;
using Skiptune.FineTuning;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.Tests.Comparison;

public sealed class MethodComparisonTests
{
    private static readonly ComparisonOptions Small = new()
    {
        Variants = [new(FineTuneMethod.SkipLora, CacheFormat.None), new(FineTuneMethod.Skip2Lora, CacheFormat.Float32)],
        FineTuning = new FineTuneOptions { Epochs = 2, BatchSize = 4, Threads = 1, Seed = 5 },
        Seeds = 3,
        WarmUpSteps = 2,
    };

    [Fact]
    public void RowsArePairedSeedBySeedAndEqualWhatASingleRunGives()
    {
        Model model = new(ReferenceCnn.Create(1));
        DataSet data = RandomImages(12);
        ComparisonResult result = MethodComparison.Run(model, data, data, Small);
        Assert.Equal(["none", "skip-lora", "skip2-lora"], result.Rows.Select(row => row.Method));
        Assert.Equal(model.Evaluate(data).Accuracy, result.BaseAccuracy);
        // An exact cache changes nothing, so equal seeds show as equal runs.
        Assert.Equal(result.Rows[1].Runs.Select(run => (run.Accuracy, run.FinalLoss)), result.Rows[2].Runs.Select(run => (run.Accuracy, run.FinalLoss)));
        for (int i = 0; i < Small.Seeds; i++)
        {
            using FineTuner tuner = model.CreateFineTuner(Small.FineTuning with { Method = FineTuneMethod.SkipLora, Seed = 5 + i });
            Assert.Equal(tuner.Fit(data).FinalLoss, result.Rows[1].Runs[i].FinalLoss);
        }
        Assert.Equal(3, result.Rows[1].Runs.Select(run => run.FinalLoss).Distinct().Count());
        Assert.Equal(0, result.Rows[1].FillSeconds);
        Assert.True(result.Rows[2].CacheBytes > 0);
    }

    [Fact]
    public void ACancelledComparisonHasNoResult()
    {
        DataSet data = RandomImages(8);
        using CancellationTokenSource source = new();
        SourceCanceller canceller = new(source);
        Assert.Throws<OperationCanceledException>(() => MethodComparison.Run(new Model(ReferenceCnn.Create(1)), data, data, Small, canceller, source.Token));
    }

    [Fact]
    public void StatisticsOfARow()
    {
        ComparisonRow row = new()
        {
            Method = "m",
            Cache = "none",
            CacheBytes = 0,
            TrainableParameters = 1,
            Runs = [new(0.2, 9, 4, 1), new(0.4, 1, 0, 2), new(0.6, 2, 1, 3), new(0.8, 4, 2, 6)],
        };
        Assert.Equal(0.5, row.Accuracy, 12);
        Assert.Equal(Math.Sqrt(0.2 / 3), row.AccuracyDeviation, 12);
        Assert.Equal((4.0, 3.0), (row.Seconds, row.MedianSeconds));
        Assert.Equal((1.75, 1.5), (row.FillSeconds, row.MedianFillSeconds));
        Assert.Equal(3, row.FinalLoss);
        Assert.Equal(2, (row with { Runs = row.Runs[..3] }).MedianSeconds);
        Assert.Equal(0, (row with { Runs = row.Runs[..1] }).AccuracyDeviation);
    }

    [Fact]
    public void ListsOfMethods()
    {
        Assert.Equal(
            [new(FineTuneMethod.FtLast, CacheFormat.None), new(FineTuneMethod.SkipLora, CacheFormat.Int3)],
            ComparisonVariant.Parse("ft-last, skip-lora:int3"));
        Assert.Equal(["float32", "int4", "int2"], ComparisonVariant.Parse("skip2-lora").Select(variant => variant.Cache.Name));
        Assert.Throws<SkiptuneException>(() => ComparisonVariant.Parse(""));
        Assert.Throws<SkiptuneException>(() => ComparisonVariant.Parse("skip2-lora:int5"));
        Assert.Throws<SkiptuneException>(() => ComparisonVariant.Parse("skip2-lora,skip2-lora:int4"));
    }

    private static TensorDataSet RandomImages(int count)
    {
        Tensor images = new(ReferenceCnn.SampleShape.Prepend(count));
        new SeededRandom(3, 0).FillUniform(images.Span, 1);
        return new TensorDataSet(images, [.. Enumerable.Range(0, count).Select(i => i % 10)], 10);
    }

    private sealed class SourceCanceller(CancellationTokenSource source) : IProgress<ComparisonProgress>
    {
        public void Report(ComparisonProgress value) => source.Cancel();
    }
}
