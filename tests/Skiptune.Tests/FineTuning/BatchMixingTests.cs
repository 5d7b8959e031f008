using System.Collections.Immutable;
using Skiptune.Data;
using Skiptune.FineTuning;
using Skiptune.Networks;
using Skiptune.Numerics;
using Skiptune.Tests.Onnx;

namespace Skiptune.Tests.FineTuning;

/// <summary>A network that looks at a whole batch answers for each sample as if alone.</summary>
public sealed class BatchMixingTests
{
    // Values below half of the largest are raised to it, and two dense layers follow.
    private static Model Mixing(bool behind = false)
    {
        Node[] mix = [new("most", new Reduce(Reduction.Max, [], KeepDims: false), [behind ? "b" : "x"], ["m"]), new("half", new Scale(0.5f), ["m"], ["h"]), new("raise", new Max(), [behind ? "b" : "x", "h"], [behind ? "y" : "r"])];
        Node[] dense = [new("one", new Gemm(), [behind ? "x" : "r", "w"], ["a"]), new("relu", new Relu(), ["a"], ["z"]), new("two", new Gemm(), ["z", "v"], [behind ? "b" : "y"])];
        (Tensor w, Tensor v) = (new Tensor(new Shape(6, 4)), new Tensor(new Shape(3, 6)));
        new SeededRandom(1).FillUniform(w.Span, 1);
        new SeededRandom(2).FillUniform(v.Span, 1);
        return new Model(new Graph("mixing", [new GraphInput("x", new Shape(4))], behind ? [.. dense, .. mix] : [.. mix, .. dense], ImmutableDictionary<string, Tensor>.Empty.Add("w", w).Add("v", v), ["y"]));
    }

    private static TensorDataSet Data()
    {
        Tensor samples = new(new Shape(30, 4));
        for (int row = 0; row < 30; row++)
            new SeededRandom(row).FillUniform(samples.Rows(row, 1).Span, row % 3 == 0 ? 10 : 1);
        return new TensorDataSet(samples, [.. Enumerable.Range(0, 30).Select(row => row % 3)], 3);
    }

    [Fact]
    public void Samples_do_not_see_each_other()
    {
        Model model = Mixing();
        Assert.Equal("most", BatchMixing.FirstNode(model.Graph)?.Name);
        float[] together = model.Predict(Data()).Span.ToArray();
        float[] alone = [.. Enumerable.Range(0, 30).SelectMany(row => model.Predict(Data().Slice(row, 1)).Span.ToArray())];
        Assert.Equal(alone, together);
        Assert.Null(BatchMixing.FirstNode(Graphs.Network()));
    }

    [Fact]
    public void What_lies_behind_can_be_tuned_with_a_cache()
    {
        Model model = Mixing();
        FineTuneOptions options = new() { Epochs = 20, Cache = CacheFormat.Float32, Taps = TapRule.Parse("one,two") };
        using FineTuner tuner = model.CreateFineTuner(options);
        FineTuneResult result = tuner.Fit(Data());
        // What was cached is what the tuned model computes of each sample alone.
        Assert.True(result.FinalLoss < model.Evaluate(Data()).Loss);
        Assert.Equal(model.WithAdapter(result.Adapter).Evaluate(Data()).Loss, result.FinalLoss, 0.05);
        foreach (FineTuneOptions wrong in new[] { options with { Fill = CacheFill.Lazy }, options with { Method = FineTuneMethod.SkipLora, Cache = CacheFormat.None } })
            Assert.Contains("'most'", Assert.Throws<SkiptuneException>(() => model.CreateFineTuner(wrong)).Message, StringComparison.Ordinal);
        Assert.Contains("'most'", Assert.Throws<SkiptuneException>(() => Mixing(behind: true).CreateFineTuner(new FineTuneOptions { Method = FineTuneMethod.FtAll })).Message, StringComparison.Ordinal);
    }
}
