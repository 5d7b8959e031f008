using System.Collections.Immutable;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.FineTuning;

/// <summary>
/// Takes an adapter into the weights of its base: tuned values replace the base's, and low-rank updates are added to the
/// weights they change. The base's nodes stay as they are.
/// </summary>
internal static class AdapterMerge
{
    /// <summary>The tuned network with the base's nodes.</summary>
    /// <param name="adapted">The base with the method's additions.</param>
    /// <param name="method">The method.</param>
    /// <param name="values">The adapter's tensors.</param>
    /// <exception cref="SkiptuneException">The method's adapters cannot be merged, or one of them on this layer.</exception>
    public static Graph Run(AdaptedGraph adapted, FineTuneMethod method, IReadOnlyDictionary<string, Tensor> values)
    {
        if (!method.CanMerge)
            throw new SkiptuneException($"an adapter of {method} cannot be merged: it leads past the layers, where the base has no weights to take it; export it without --merge");
        ImmutableDictionary<string, Tensor> constants = adapted.Base.Constants.SetItems(values.Where(value => adapted.Base.Constants.ContainsKey(value.Key)));
        Graph graph = adapted.Base.With(constants: constants);
        return adapted.Updates.Aggregate(graph, (merged, update) => Add(merged, update, values[update.Down], values[update.Up]));
    }

    private static Graph Add(Graph graph, LowRankUpdate update, Tensor down, Tensor up)
    {
        Node layer = graph.Nodes.Single(node => node.Name == update.Layer);
        if (layer.Op is Conv { Groups: > 1 })
        {
            throw new SkiptuneException(ErrorText.OneLine(
                $"node {ErrorText.Quote(layer.Name)}: its adapter cannot be merged, as it joins channels that this convolution of groups keeps apart; export without --merge"));
        }
        string name = layer.Inputs[1];
        Tensor weight = graph.Constants[name].Clone();
        AddProduct(weight, outputsFirst: layer.Op is Conv or Gemm { TransposeB: true }, update.Factor, down, up);
        if (graph.ConsumersOf(name).Take(2).Count() == 1)
            return graph.With(constants: graph.Constants.SetItem(name, weight));
        // Others read the weight too, and keep it as it is.
        string own = NameBeside(name, graph);
        Node changed = layer with { Inputs = layer.Inputs.SetItem(1, own) };
        return graph.With(graph.Nodes.Select(node => node == layer ? changed : node), graph.Constants.SetItem(own, weight));
    }

    // Down is R x in, up is out x R; a convolution's kernel belongs to in, its axes come after the channels.
    private static void AddProduct(Tensor weight, bool outputsFirst, float factor, Tensor down, Tensor up)
    {
        int rank = down.Shape[0];
        int inputs = down.Shape.RowCount;
        int outputs = up.Shape[0];
        for (int output = 0; output < outputs; output++)
        {
            for (int input = 0; input < inputs; input++)
            {
                double sum = 0;
                for (int r = 0; r < rank; r++)
                    sum += (double)up.Span[output * rank + r] * down.Span[r * inputs + input];
                ref float value = ref weight.Span[outputsFirst ? output * inputs + input : input * outputs + output];
                value = (float)(value + factor * sum);
            }
        }
    }

    private static string NameBeside(string name, Graph graph)
    {
        string unique = $"{name}.merged";
        for (int i = 2; graph.Constants.ContainsKey(unique) || graph.ProducerOf(unique) is not null; i++)
            unique = $"{name}.merged.{i}";
        return unique;
    }
}
