using System.Collections.Immutable;
using Skiptune.FineTuning;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.Tests.FineTuning;

public class TapTests
{
    [Theory]
    [InlineData("flatten", 3 * 7 * 5)]
    [InlineData("global-avgpool", 3)]
    [InlineData("avgpool:2x2", 12)]
    [InlineData("avgpool:7x5", 105)]
    [InlineData("avgpool:4x3", 36)] // cells of 2x2: 4 rows, the last of one; 3 columns
    [InlineData("avgpool:5x4", 36)] // no cells of one size make 5 rows of 7
    [InlineData("avgpool:100x100", 105)]
    public void A_reduction_leaves_the_values_it_says(string name, int count)
    {
        TapReduction reduction = TapReduction.Parse(name);
        Assert.Equal(name, reduction.ToString());
        Assert.Equal(count, reduction.CountOf(new Shape(3, 7, 5)));
    }

    [Theory]
    [InlineData("avgpool")]
    [InlineData("avgpool:0x2")]
    [InlineData("avgpool:2")]
    [InlineData("avgpool:-1x2")]
    [InlineData("max")]
    [InlineData("")]
    public void What_is_no_reduction_is_refused(string name) => Assert.Throws<SkiptuneException>(() => TapReduction.Parse(name));

    [Fact]
    public void Large_taps_shrink_to_the_budget()
    {
        Assert.Equal("flatten", TapReduction.Fit(new Shape(2048), 2048, tokens: false)!.Name);
        Assert.Equal("avgpool:11x11", TapReduction.Fit(new Shape(16, 32, 32), 2048, tokens: false)!.Name);
        Assert.Equal("global-avgpool", TapReduction.Fit(new Shape(1280, 7, 7), 2048, tokens: false)!.Name);
        Assert.Equal("mean-token", TapReduction.Fit(new Shape(100, 64), 2048, tokens: true)!.Name);
        Assert.Equal("global-avgpool", TapReduction.Fit(new Shape(64, 100), 2048, tokens: false)!.Name);
        Assert.Equal(64, TapReduction.MeanToken.CountOf(new Shape(100, 64)));
        Assert.Equal(64, TapReduction.LastToken.CountOf(new Shape(100, 64)));
        Assert.Null(TapReduction.Fit(new Shape(4096), 2048, tokens: false));
        for (int channels = 1; channels <= 2048; channels *= 2)
            Assert.True(TapReduction.Fit(new Shape(channels, 57, 33), 2048, tokens: false)!.CountOf(new Shape(channels, 57, 33)) <= 2048);
    }

    [Fact]
    public void A_deep_network_s_row_stays_within_the_budget()
    {
        List<Node> nodes = [];
        Dictionary<string, Tensor> constants = new(StringComparer.Ordinal);
        string value = "x";
        for (int i = 0; i < 40; i++)
        {
            constants[$"w{i}"] = new Tensor(new Shape(32, 32, 1, 1));
            nodes.Add(new Node($"conv{i}", new Conv(new Window(1, 1)), [value, $"w{i}"], [value = $"y{i}"]));
        }
        constants["w"] = new Tensor(new Shape(5, 32));
        nodes.Add(new Node("pool", new GlobalAveragePool(), [value], ["p"]));
        nodes.Add(new Node("flatten", new Flatten(), ["p"], ["f"]));
        nodes.Add(new Node("dense", new Gemm(), ["f", "w"], ["out"]));
        Graph graph = new("deep", [new GraphInput("x", new Shape(32, 16, 16))], nodes, constants.ToImmutableDictionary(StringComparer.Ordinal), ["out"]);
        using FineTuner tuner = new(graph, "base", new FineTuneOptions { Cache = CacheFormat.Float32 });
        int row = tuner.Plan.Taps.Sum(tap => tap.Shape.Count);
        Assert.InRange(row, TapSelection.MostValuesOfARow / 4, TapSelection.MostValuesOfARow);
        Assert.Equal(42, tuner.Plan.Taps.Length); // the inputs of 41 layers, the sample among them because it is reduced, and the output
    }

    [Fact]
    public void Rules_choose_and_reduce()
    {
        using FineTuner tuner = new(
            ReferenceCnn.Create(1), "base", new FineTuneOptions { Taps = TapRule.Parse("conv2=global-avgpool, relu*"), Cache = CacheFormat.Float32 });
        Assert.Equal(["dense3/base 10", "conv2/tap 6x1x1", "relu3 120", "relu4 84"], tuner.Plan.Taps.Select(tap => $"{tap.Name} {tap.Shape}"));
        SkiptuneException error = Assert.Throws<SkiptuneException>(() => new FineTuner(ReferenceCnn.Create(1), "base", new FineTuneOptions { Taps = TapRule.Parse("nothing*") }));
        Assert.Contains("nothing*", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Equal_inputs_are_tapped_once()
    {
        Tensor weight = new(new Shape(3, 4));
        Node[] nodes =
        [
            new("left", new Gemm(), ["x", "w"], ["a"]),
            new("right", new Gemm(), ["x", "w"], ["b"]),
            new("sum", new Add(), ["a", "b"], ["y"]),
        ];
        Graph graph = new("twice", [new GraphInput("x", new Shape(4))], nodes, ImmutableDictionary<string, Tensor>.Empty.Add("w", weight), ["y"]);
        using FineTuner tuner = new(graph, "base", new FineTuneOptions());
        Assert.Equal(4 * (4 + 3), tuner.Plan.TrainableParameters);
    }

    [Fact]
    public void Reduced_taps_come_back_from_the_adapter_s_files()
    {
        string folder = Directory.CreateTempSubdirectory("skiptune").FullName;
        try
        {
            Model model = new(SmallNetworks.Branched());
            using FineTuner tuner = model.CreateFineTuner(new FineTuneOptions { Taps = TapRule.Parse("conv*=avgpool:2x3,dense2"), Epochs = 3 });
            Adapter adapter = tuner.Fit(SmallNetworks.Data()).Adapter;
            adapter.Save(folder);
            Adapter loaded = Adapter.Load(folder);
            Assert.Equal(adapter.Taps, loaded.Taps);
            Assert.Equal(model.WithAdapter(adapter).Evaluate(SmallNetworks.Data(50, 3)), model.WithAdapter(loaded).Evaluate(SmallNetworks.Data(50, 3)));
            Model written = Model.Read(Skiptune.Onnx.OnnxWriter.Write(model.WithAdapter(adapter).Graph), "tuned.onnx");
            Assert.Equal(model.WithAdapter(adapter).Evaluate(SmallNetworks.Data(50, 3)).Loss, written.Evaluate(SmallNetworks.Data(50, 3)).Loss, 1e-5);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
