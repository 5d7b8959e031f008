using System.Collections.Immutable;
using Skiptune.Language.Models;
using Skiptune.Language.Models.Operators;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.Language.Classification;

/// <summary>
/// The two halves of a classifier as graphs, which meet at the pooled states: one vector a text of the residual stream before
/// each block, and of the normalised final hidden state. A decoder that stays as it is runs once for each text, at the
/// text's own length; what is trained of it needs the whole as one graph.
/// </summary>
internal static class ClassifierGraph
{
    /// <summary>All pooled states of a text, one behind the other.</summary>
    public const string States = "states";

    private const string Joined = "pooled";

    /// <summary>The pooled final hidden state.</summary>
    public static string LastState { get; } = Name(DecoderNames.Norm);

    /// <summary>The first half: token ids (n x T), negative ones where a text is shorter, to all pooled states (n x (L + 1) d).</summary>
    /// <param name="model">The model.</param>
    /// <param name="length">T, the tokens of the longest text.</param>
    /// <param name="pooling">How states are pooled.</param>
    public static Graph OfStates(DecoderModel model, int length, Pooling pooling) => WithHeadStates(Pooled(model, length, pooling, TrainedWeights.None), model.Config.Blocks, HeadStates.All);

    /// <summary>The second half: all pooled states to those that a new head reads.</summary>
    /// <param name="model">The model.</param>
    /// <param name="head">What the head reads.</param>
    public static Graph OverStates(DecoderModel model, HeadStates head)
    {
        int width = model.Config.Width;
        int values = (model.Config.Blocks + 1) * width;
        Graph graph = new(model.Name, [new GraphInput(States, new Shape(values))], Cuts(values, width), ImmutableDictionary<string, Tensor>.Empty, [LastState]);
        return WithHeadStates(graph, model.Config.Blocks, head);
    }

    /// <summary>The whole: token ids to the pooled states that a new head reads.</summary>
    /// <param name="model">The model.</param>
    /// <param name="length">T, the tokens of the longest text.</param>
    /// <param name="pooling">How states are pooled.</param>
    /// <param name="head">What the head reads.</param>
    /// <param name="trained">Which weights are constants.</param>
    public static Graph Whole(DecoderModel model, int length, Pooling pooling, HeadStates head, TrainedWeights trained) =>
        WithHeadStates(Pooled(model, length, pooling, trained), model.Config.Blocks, head);

    /// <summary>The nodes that cut all pooled states into each of them, from the embedding's on.</summary>
    /// <param name="values">Those of all states.</param>
    /// <param name="width">Those of one.</param>
    public static Node[] Cuts(int values, int width) =>
        [.. Names(values / width - 1).Select((name, k) => new Node(name, new Slice([new SliceRange(1, k * width, (k + 1) * width)]), [States], [name]))];

    /// <summary>The values of the pooled states, from the embedding's on.</summary>
    public static IEnumerable<string> Names(int blocks) => StatesOf(blocks).Select(Name);

    private static IEnumerable<string> StatesOf(int blocks) => [.. Enumerable.Range(0, blocks).Select(DecoderNames.BlockInput), DecoderNames.Norm];

    private static string Name(string state) => $"{state}.pooled";

    private static Graph Pooled(DecoderModel model, int length, Pooling pooling, TrainedWeights trained)
    {
        Graph decoder = DecoderGraph.Build(model, length, trained).EndingAt(DecoderNames.Norm);
        return decoder.With([.. decoder.Nodes, .. StatesOf(model.Config.Blocks).Select(state => new Node(Name(state), new PooledStates(pooling), [state, DecoderNames.Tokens], [Name(state)]))]);
    }

    private static Graph WithHeadStates(Graph graph, int blocks, HeadStates head) => head == HeadStates.Last
            ? graph.With(outputs: [LastState])
            : graph.With([.. graph.Nodes, new Node(Joined, new Concat(1), [.. Names(blocks)], [Joined])], outputs: [Joined]);
}
