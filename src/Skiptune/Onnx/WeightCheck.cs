using System.Collections.Immutable;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.Onnx;

/// <summary>Refuses infinity among weights, where it is damage; elsewhere it is a bound or a mask.</summary>
internal static class WeightCheck
{
    /// <summary>Throws if a weight that could be trained is not finite.</summary>
    public static void Run(IEnumerable<Node> nodes, ImmutableDictionary<string, Tensor> constants)
    {
        foreach (Node node in nodes)
        {
            foreach (string name in node.Op.TrainableInputs.Where(position => position < node.Inputs.Length).Select(position => node.Inputs[position]))
            {
                if (constants.TryGetValue(name, out Tensor? tensor) && !tensor.IsFinite())
                    throw new SkiptuneException($"the tensor {ErrorText.Quote(name)} holds NaN or infinity; the weights are damaged or training has diverged: lower the learning rate");
            }
        }
    }
}
