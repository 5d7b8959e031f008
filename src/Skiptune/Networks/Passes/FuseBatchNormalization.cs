using System.Collections.Immutable;
using Skiptune.Numerics;

namespace Skiptune.Networks;

/// <summary>
/// Takes each batch normalisation with fixed statistics into the Conv or Gemm before it, where nothing else reads what
/// lies between: factor * (W x + b - mean) + bias = (factor W) x + (factor (b - mean) + bias). For graphs that are only
/// run; training the normalisation needs it as it is. Results agree up to rounding.
/// </summary>
internal static class FuseBatchNormalization
{
    public static Graph Apply(Graph graph)
    {
        Dictionary<string, int> reads = graph.Nodes.SelectMany(node => node.Inputs).Concat(graph.Outputs)
            .CountBy(name => name, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        ImmutableDictionary<string, Tensor>.Builder constants = graph.Constants.ToBuilder();
        Dictionary<Node, Node?> changes = new(ReferenceEqualityComparer.Instance);
        foreach (Node norm in graph.Nodes)
        {
            if (norm.Op is BatchNormalization { Training: false }
                && norm.Inputs.Skip(1).All(graph.Constants.ContainsKey)
                && graph.ProducerOf(norm.Inputs[0]) is { Op: Conv or Gemm } layer
                && reads[layer.Output] == 1
                && layer.Inputs.Skip(1).All(name => name.Length == 0 || graph.Constants.ContainsKey(name)))
            {
                changes[layer] = Fuse(layer, norm, graph.Constants, constants);
                changes[norm] = null;
            }
        }
        return changes.Count == 0
            ? graph
            : graph.With(graph.Nodes.Select(node => changes.GetValueOrDefault(node, node)).OfType<Node>(), constants.ToImmutable());
    }

    private static Node Fuse(Node layer, Node norm, ImmutableDictionary<string, Tensor> old, ImmutableDictionary<string, Tensor>.Builder constants)
    {
        Tensor[] values = [.. norm.Inputs.Skip(1).Select(name => old[name])];
        int channels = values[0].Shape.Count;
        Tensor weight = old[layer.Inputs[1]].Clone();
        Tensor bias = new(new Shape(channels));
        Tensor? before = layer.Inputs.Length > 2 && layer.Inputs[2].Length > 0 ? old[layer.Inputs[2]] : null;
        // Values of one channel lie together (inner of them), or every so many apart.
        int inner = layer.Op is Gemm { TransposeB: false } ? 1 : weight.Shape.Count / channels;
        float[] factors = new float[channels];
        for (int channel = 0; channel < channels; channel++)
        {
            double factor = values[0].Span[channel] / Math.Sqrt(values[3].Span[channel] + (double)((BatchNormalization)norm.Op).Epsilon);
            factors[channel] = (float)factor;
            bias.Span[channel] = (float)(factor * ((before is null ? 0 : before.Span[channel]) - (double)values[2].Span[channel]) + values[1].Span[channel]);
        }
        Span<float> weights = weight.Span;
        for (int i = 0; i < weights.Length; i++)
            weights[i] *= factors[i / inner % channels];
        return layer with { Inputs = [layer.Inputs[0], Add("weight", weight), Add("bias", bias)], Outputs = norm.Outputs };

        string Add(string part, Tensor tensor)
        {
            string name = $"{norm.Output}\0{part}";
            constants[name] = tensor;
            return name;
        }
    }
}
