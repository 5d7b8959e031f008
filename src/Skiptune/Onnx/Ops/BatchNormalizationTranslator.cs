using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.Onnx;

/// <summary>BatchNormalization in its inference form.</summary>
internal static class BatchNormalizationTranslator
{
    public static void Read(NodeReader node)
    {
        node.CheckInputs(5, 5);
        node.Attributes.RefuseFlag("training_mode", "export the model for inference");
        if (node.Opset < 9 && node.Attributes.Int("spatial", 1, 0, 1) == 0)
            throw new SkiptuneException("spatial = 0 (statistics for each pixel) is not supported");
        BatchNormalization op = new(node.Attributes.Float("epsilon", 1e-5f, 0, 1))
        {
            Momentum = node.Attributes.Float("momentum", 0.9f, 0, 1),
        };
        (string name, Tensor variance) = node.Weight(4);
        foreach (float value in variance.Span)
        {
            if (value < 0 || value + op.Epsilon <= 0)
                throw new SkiptuneException($"the variance {ErrorText.Quote(name)} holds {value}, which cannot be divided by");
        }
        node.Emit(op, node.Activation(0), node.Weight(1).Name, node.Weight(2).Name, node.Weight(3).Name, name);
    }

    public static void Write(NodeWriter node)
    {
        BatchNormalization op = (BatchNormalization)node.Node.Op;
        node.Add("BatchNormalization").With("epsilon", op.Epsilon).With("momentum", op.Momentum);
    }
}
