using Skiptune.Data;
using Skiptune.Language.Models;
using Skiptune.Networks;
using Skiptune.Numerics;
using Skiptune.Onnx;

namespace Skiptune.Language.Tests;

/// <summary>stories260K answers here as in PyTorch.</summary>
public class ParityTests
{
    [Fact]
    public void Every_tap_and_the_logits_are_those_of_PyTorch()
    {
        int[] tokens = Stories.Ints("token_ids");
        Graph graph = DecoderGraph.Build(Stories.Model, tokens.Length);
        int blocks = Stories.Model.Config.Blocks;
        string[] names =
        [
            .. Enumerable.Range(0, blocks + 1).Select(DecoderNames.BlockInput),
            .. Enumerable.Range(0, blocks).Select(DecoderNames.Attention),
            .. Enumerable.Range(0, blocks).Select(DecoderNames.FeedForwardNorm),
            DecoderNames.Norm,
            DecoderNames.Output,
        ];
        Dictionary<string, float[]> values = Stories.Run(graph, tokens, names);
        float[] Joined(Func<int, string> name) => [.. Enumerable.Range(0, blocks).SelectMany(block => values[name(block)])];
        Stories.AssertClose(Stories.Floats("block_inputs"), Joined(DecoderNames.BlockInput), 1e-4f);
        Stories.AssertClose(Stories.Floats("attn_concat"), Joined(DecoderNames.Attention), 1e-4f);
        Stories.AssertClose(Stories.Floats("mlp_in"), Joined(DecoderNames.FeedForwardNorm), 1e-4f);
        Stories.AssertClose(Stories.Floats("final_hidden"), values[DecoderNames.BlockInput(blocks)], 1e-4f);
        Stories.AssertClose(Stories.Floats("final_norm"), values[DecoderNames.Norm], 1e-4f);
        Stories.AssertClose(Stories.Floats("logits"), values[DecoderNames.Output], 1e-4f);
    }

    [Fact]
    public void The_logits_are_those_of_the_onnx_file()
    {
        const int Tokens = 40;
        Model onnx = Model.Load(
            AssetFiles.Path("stories260K/stories260K.onnx"), new OnnxReadOptions { Dimensions = System.Collections.Immutable.ImmutableDictionary<string, int>.Empty.Add("T", Tokens) });
        Tensor input = new(new Shape(1, Tokens));
        SeededRandom random = new(8);
        foreach (ref float token in input.Span)
            token = random.NextInt32(512);
        Tensor expected = onnx.Predict(new TensorDataSet(input, Targets.None(1)), threads: 2);
        int[] tokens = [.. input.Span.ToArray().Select(token => (int)token)];
        Stories.AssertClose(expected.Span, Stories.Run(DecoderGraph.Build(Stories.Model, Tokens), tokens, DecoderNames.Output)[DecoderNames.Output], 1e-4f);
    }

    [Theory]
    [InlineData((int)TrainedWeights.Output)]
    [InlineData((int)TrainedWeights.All)]
    public void Weights_that_are_trained_give_the_same_logits(int weights)
    {
        int[] tokens = Stories.Ints("token_ids");
        float[] logits = Stories.Run(DecoderGraph.Build(Stories.Model, tokens.Length, (TrainedWeights)weights), tokens, DecoderNames.Output)[DecoderNames.Output];
        Stories.AssertClose(Stories.Floats("logits"), logits, 1e-4f);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(20)]
    public void Piece_by_piece_with_a_memory_gives_the_same_logits(int piece)
    {
        int[] tokens = Stories.Ints("token_ids");
        KeyValueMemory memory = new(Stories.Model.Config, tokens.Length);
        List<float> logits = [];
        while (memory.Count < tokens.Length)
        {
            int count = Math.Min(piece, tokens.Length - memory.Count);
            Graph graph = DecoderGraph.Build(Stories.Model, count, memory: memory);
            logits.AddRange(Stories.Run(graph, tokens.AsSpan(memory.Count, count), DecoderNames.Output)[DecoderNames.Output]);
            memory.Count += count;
        }
        Stories.AssertClose(Stories.Floats("logits"), [.. logits], 1e-4f);
    }
}
