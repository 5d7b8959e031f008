using Skiptune.Language.Models;
using Skiptune.Language.Models.Operators;
using Skiptune.Networks;

namespace Skiptune.Language.Classification;

/// <summary>
/// A decoder without its output matrix as a graph: token ids (n x T), negative ones where a text is shorter, to the pooled
/// states that a new head reads (n x D). Skip adapters read the pooled states too.
/// </summary>
internal static class ClassifierGraph
{
    private const string Joined = "pooled";

    /// <summary>Makes the graph.</summary>
    /// <param name="model">The model.</param>
    /// <param name="length">T, the tokens of the longest text.</param>
    /// <param name="pooling">How states are pooled.</param>
    /// <param name="head">What the head reads.</param>
    /// <param name="trained">Which weights are constants.</param>
    public static Graph Build(DecoderModel model, int length, Pooling pooling, HeadStates head, TrainedWeights trained = TrainedWeights.None)
    {
        Graph decoder = DecoderGraph.Build(model, length, trained).EndingAt(DecoderNames.Norm);
        string[] states = [.. States(model.Config.Blocks)];
        List<Node> nodes = [.. decoder.Nodes, .. states.Select(state => new Node(PooledName(state), new PooledStates(pooling), [state, DecoderNames.Tokens], [PooledName(state)]))];
        string features = PooledName(states[^1]);
        if (head == HeadStates.All)
        {
            features = Joined;
            nodes.Add(new Node(Joined, new Concat(1), [.. states.Select(PooledName)], [Joined]));
        }
        return decoder.With(nodes, outputs: [features]);
    }

    /// <summary>The states that are pooled: the residual stream before each block, and the normalised final hidden state.</summary>
    public static IEnumerable<string> States(int blocks) => [.. Enumerable.Range(0, blocks).Select(DecoderNames.BlockInput), DecoderNames.Norm];

    /// <summary>The value that a state is pooled to.</summary>
    public static string PooledName(string state) => $"{state}.pooled";
}
