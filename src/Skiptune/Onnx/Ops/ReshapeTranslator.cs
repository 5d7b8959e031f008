using System.Collections.Immutable;
using Skiptune.Networks;

namespace Skiptune.Onnx;

/// <summary>Reshape with a constant shape.</summary>
internal static class ReshapeTranslator
{
    public static void Read(NodeReader node)
    {
        node.CheckInputs(2, 2);
        string value = node.Activation(0);
        long[] shape = node.Integers(1);
        if (shape.Length is 0 or > TensorReader.MaxRank)
            throw new SkiptuneException($"a shape of {shape.Length} axes is not supported; 1 to {TensorReader.MaxRank} are");
        if (shape.Any(extent => extent is < -1 or > int.MaxValue) || shape.Count(extent => extent == -1) > 1)
            throw new SkiptuneException($"the shape {string.Join('x', shape)} is not possible");
        if (node.Attributes.Int("allowzero", 0, 0, 1) == 1 && shape.Contains(0))
            throw new SkiptuneException("allowzero = 1 with an extent of 0 (an empty tensor) is not supported");
        // A model exported for one batch size has that number where the batch belongs.
        if (shape[0] > 0 && shape[0] == node.FixedBatch)
            shape[0] = 0;
        node.Emit(new Reshape([.. shape.Select(extent => (int)extent)]), value);
    }

    public static void Write(NodeWriter node)
    {
        ImmutableArray<int> target = ((Reshape)node.Node.Op).Target;
        node.Add("Reshape", node.StoreIntegers("shape", target.AsSpan()));
    }
}
