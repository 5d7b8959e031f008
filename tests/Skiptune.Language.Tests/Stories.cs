using System.Runtime.InteropServices;
using Skiptune.Language.Models;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.Language.Tests;

/// <summary>The model stories260K and what PyTorch made of it; tests skip without the files.</summary>
internal static class Stories
{
    private static readonly Lazy<DecoderModel> Loaded = new(() => DecoderModel.Load(AssetFiles.Path("stories260K/stories260K.bin")));

    public static DecoderModel Model => Loaded.Value;

    public static float[] Floats(string name) => MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Golden(name))).ToArray();

    public static int[] Ints(string name) => MemoryMarshal.Cast<byte, int>(File.ReadAllBytes(Golden(name))).ToArray();

    private static string Golden(string name) => AssetFiles.Path($"../golden/stories260K/{name}.bin");

    /// <summary>Values of a graph for one sequence.</summary>
    public static Dictionary<string, float[]> Run(Graph graph, ReadOnlySpan<int> tokens, params string[] values)
    {
        using Workers workers = new(2);
        GraphProgram program = GraphProgram.Compile(graph.With(outputs: [.. values]), 1, new Dictionary<string, Tensor>(), new Dictionary<string, Tensor>(), new ProgramContext(KernelSet.Current, workers));
        Span<float> input = program.Value("tokens").Span;
        for (int i = 0; i < tokens.Length; i++)
            input[i] = tokens[i];
        program.Forward();
        return values.ToDictionary(value => value, value => program.Value(value).Span.ToArray());
    }

    public static void AssertClose(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, float tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(MathF.Abs(expected[i] - actual[i]) <= tolerance, $"value {i}: {actual[i]} is not {expected[i]}");
    }
}
