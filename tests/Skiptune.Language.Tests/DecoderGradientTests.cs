using Skiptune.FineTuning;
using Skiptune.Language.FineTuning;
using Skiptune.Language.Models;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.Language.Tests;

/// <summary>The backward pass of decoders, by finite differences and against PyTorch.</summary>
[Trait("Category", "Kernels")]
public class DecoderGradientTests
{
    [Theory]
    [InlineData(RotaryLayout.Interleaved, true, false, 19)]
    [InlineData(RotaryLayout.Halves, false, true, 5)]
    public void Gradients_of_all_weights_are_those_of_differences(RotaryLayout layout, bool tied, bool biases, int length)
    {
        DecoderConfig config = Decoders.Tiny with { RotaryLayout = layout, Vocabulary = 23, Width = 16, Hidden = 24, KeyValueHeads = 1 };
        using DecoderModel model = Decoders.Random(config, tied, biases);
        Graph graph = DecoderGraph.Build(model, length, TrainedWeights.All);
        FiniteDifferences.Check(graph, [.. graph.Constants.Keys], batch: 2, Tokens(config), step: 3e-3f);
    }

    [Fact]
    public void Gradients_through_frozen_weights_reach_the_adapters()
    {
        DecoderConfig config = Decoders.Tiny with { Vocabulary = 23 };
        using DecoderModel model = Decoders.Random(config, tied: true, biases: true);
        foreach (FineTuneMethod method in (FineTuneMethod[])[DecoderMethods.LoraAll, DecoderMethods.Skip2Lora(DecoderTaps.All, SkipTarget.Hidden, withFtLast: true), DecoderMethods.Skip2Lora(target: SkipTarget.Logits)])
        {
            AdaptedGraph adapted = method.Adapt(DecoderGraph.Build(model, 18, ((DecoderMethod)method).Weights), new AdapterOptions(2, 4, Seed: 3));
            SeededRandom random = new(4);
            Dictionary<string, Tensor> values = adapted.Trained.ToDictionary(name => name, name => adapted.Graph.Constants[name].Clone());
            // B is zero at the start, and A would have no gradient.
            foreach (Tensor value in values.Where(pair => pair.Key.Contains("_B.", StringComparison.Ordinal)).Select(pair => pair.Value))
                random.FillUniform(value.Span, 0.3f);
            FiniteDifferences.Check(adapted.WithValues(values), [.. adapted.Trained], batch: 1, Tokens(config), step: 3e-3f);
        }
    }

    [Theory]
    [InlineData("e", SkipTarget.Hidden, 0.17981968820095062)]
    [InlineData("d", SkipTarget.Logits, 0.1782716065645218)]
    public void Loss_and_gradients_of_skip_adapters_are_those_of_PyTorch(string golden, SkipTarget target, double expectedLoss)
    {
        const int Rank = 4;
        int[] tokens = Stories.Ints("token_ids");
        int places = tokens.Length - 1;
        int outputs = target == SkipTarget.Hidden ? Stories.Model.Config.Width : Stories.Model.Config.Vocabulary;
        int width = Stories.Model.Config.Width;
        AdaptedGraph adapted = DecoderMethods.Skip2Lora(target: target).Adapt(DecoderGraph.Build(Stories.Model, places), new AdapterOptions(Rank, Rank, 0));
        float[] downs = Stories.Floats("skip_A_6x64x4");
        float[] ups = Stories.Floats($"skip_{golden}_B");
        string[] names = [.. TapNames.Of(DecoderTaps.Residual, Stories.Model.Config.Blocks).Select(tap => tap.Parameter)];
        Dictionary<string, Tensor> values = [];
        for (int k = 0; k < names.Length; k++)
        {
            values[$"{names[k]}.skip_A.weight"] = Transposed(new Tensor(new Shape(width, Rank), downs.AsSpan(k * width * Rank, width * Rank)));
            values[$"{names[k]}.skip_B.weight"] = Transposed(new Tensor(new Shape(Rank, outputs), ups.AsSpan(k * outputs * Rank, outputs * Rank)));
        }
        Dictionary<string, Tensor> gradients = values.ToDictionary(pair => pair.Key, pair => new Tensor(pair.Value.Shape));
        using Workers workers = new(2);
        GraphProgram program = GraphProgram.Compile(adapted.Graph, 1, values, gradients, new ProgramContext(KernelSet.Current, workers));
        for (int i = 0; i < places; i++)
            program.Value(DecoderNames.Tokens).Span[i] = tokens[i];
        program.Forward();
        double loss = new SequenceCrossEntropy(workers).Compute(KernelSet.Current, program.Value(DecoderNames.Output), tokens.AsSpan(1), [0], program.Gradient(DecoderNames.Output));
        program.Backward();
        Assert.Equal(expectedLoss, loss, 1e-4);
        float[] downSlopes = Stories.Floats($"skip_{golden}_gradA");
        float[] upSlopes = Stories.Floats($"skip_{golden}_gradB");
        for (int k = 0; k < names.Length; k++)
        {
            Stories.AssertClose(downSlopes.AsSpan(k * width * Rank, width * Rank), Transposed(gradients[$"{names[k]}.skip_A.weight"]).Span, 1e-5f);
            Stories.AssertClose(upSlopes.AsSpan(k * outputs * Rank, outputs * Rank), Transposed(gradients[$"{names[k]}.skip_B.weight"]).Span, 1e-4f);
        }
    }

    private static Action<GraphProgram> Tokens(DecoderConfig config) => program =>
    {
        SeededRandom random = new(5);
        foreach (ref float token in program.Value(DecoderNames.Tokens).Span)
            token = random.NextInt32(config.Vocabulary);
    };

    private static Tensor Transposed(Tensor matrix)
    {
        Tensor turned = new(new Shape(matrix.Shape[1], matrix.Shape[0]));
        KernelSet.Current.Transpose(matrix.Shape[0], matrix.Shape[1], matrix.Span, turned.Span);
        return turned;
    }
}
