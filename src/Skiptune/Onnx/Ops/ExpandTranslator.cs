using System.Collections.Immutable;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.Onnx;

/// <summary>Expand to a shape that is known at import, the batch included.</summary>
internal static class ExpandTranslator
{
    public static void Read(NodeReader node)
    {
        node.CheckInputs(2, 2);
        string x = node.Activation(0);
        ImmutableArray<Shape> shapes = node.ShapesOf(0);
        KnownTensor[] targets = node.Known(1).Examples;
        int rank = targets[0].Values.Length;
        if (rank > TensorReader.MaxRank || targets.Any(target => target.Shape.Rank != 1 || target.Values.Length != rank || target.Values.Any(extent => extent is < 1 or > Shape.MaxElements)))
            throw new SkiptuneException($"a shape of {string.Join('x', targets[0].Values)} is not possible");
        int[] extents = new int[rank];
        for (int axis = 0; axis < rank; axis++)
        {
            int own = axis - rank + shapes[0].Rank;
            if (targets.All(target => target.Values[axis] == targets[0].Values[axis]))
                extents[axis] = (int)targets[0].Values[axis];
            // An axis that carries the batch already stays as it is.
            else if (own >= 0 && targets.Select((target, i) => target.Values[axis] == shapes[i][own]).All(same => same))
                extents[axis] = 1;
            else if (targets.Select(target => (int)target.Values[axis]).SequenceEqual(KnownValue.Batches))
                extents[axis] = Expand.Batch;
            else
                throw new SkiptuneException($"axis {axis} follows the batch in a way that is not supported; export the model with a fixed batch");
        }
        if (extents.Contains(Expand.Batch))
            node.Emit(new Expand([.. extents]), x, node.FirstInput);
        else
            node.Emit(new Expand([.. extents]), x);
    }

    public static void Write(NodeWriter node)
    {
        Expand expand = (Expand)node.Node.Op;
        string shape = expand.Target.Contains(Expand.Batch)
            ? node.AddShape([.. expand.Target.Select(extent => extent == Expand.Batch ? 0 : extent)], node.Node.Inputs[1])
            : node.StoreIntegers("shape", expand.Target.AsSpan());
        node.AddWith("Expand", [node.AddCast(node.Node.Inputs[0], ElementType.Float), shape]);
    }
}
