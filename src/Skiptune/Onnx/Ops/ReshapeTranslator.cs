using System.Collections.Immutable;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.Onnx;

/// <summary>Reshape to a shape that is known at import, the batch included.</summary>
internal static class ReshapeTranslator
{
    public static void Read(NodeReader node)
    {
        node.CheckInputs(2, 2);
        string value = node.Activation(0);
        long[][] targets = [.. node.Known(1).Examples.Select(example => example.Integers())];
        bool zeroIsZero = node.Attributes.Int("allowzero", 0, 0, 1) == 1;
        foreach (long[] shape in targets)
        {
            if (shape.Length is 0 or > TensorReader.MaxRank || shape.Length != targets[0].Length)
            {
                // A scalar has no axes to name.
                if (shape.Length == 0 && node.ShapeOf(value).Count == 1 && node.IsConstant(0))
                    continue;
                throw new SkiptuneException($"a shape of {shape.Length} axes is not supported; 1 to {TensorReader.MaxRank} are");
            }
            if (shape.Any(extent => extent is < -1 or > int.MaxValue) || shape.Count(extent => extent == -1) > 1)
                throw new SkiptuneException($"the shape {string.Join('x', shape)} is not possible");
            if (zeroIsZero && shape.Contains(0))
                throw new SkiptuneException("allowzero = 1 with an extent of 0 (an empty tensor) is not supported");
        }
        node.Emit(new Reshape(Target(node, targets)), value);
    }

    public static void Write(NodeWriter node)
    {
        node.Add("Reshape", node.StoreIntegers("shape", ((Reshape)node.Node.Op).Target.AsSpan()));
    }

    private static ValueList<int> Target(NodeReader node, long[][] targets)
    {
        int[] target = [.. targets[0].Select(extent => (int)extent)];
        if (node.IsConstant(0))
            return [.. target];
        ImmutableArray<Shape> inputs = node.ShapesOf(0);
        int[] moving = [.. Enumerable.Range(0, target.Length).Where(axis => targets.Any(other => other[axis] != target[axis]))];
        if (moving.Length == 0)
        {
            ForgetFixedBatch(node, target);
            return [.. target];
        }
        // An axis that is the input's at the same place keeps it; one other is what is left.
        foreach (int axis in moving)
            target[axis] = axis < inputs[0].Rank && targets.Select((other, i) => other[axis] == inputs[i][axis]).All(same => same) ? 0 : -1;
        if (target.Count(extent => extent == -1) > 1)
            target = Settle(node, targets, target, moving);
        return [.. target];
    }

    // Two open axes: what was open in the file is settled by the example, if it does not follow the batch.
    private static int[] Settle(NodeReader node, long[][] targets, int[] target, int[] moving)
    {
        int open = Array.FindIndex(targets[0], extent => extent == -1);
        if (open >= 0)
        {
            long[] settled = [.. node.ShapesOf(0).Select((shape, i) => shape.Count / Math.Max(1, targets[i].Where(extent => extent > 0).Aggregate(1L, (a, b) => a * b)))];
            if (targets[0].All(extent => extent != 0) && settled.Distinct().Count() == 1 && settled[0] is > 0 and <= int.MaxValue)
                target[open] = (int)settled[0];
        }
        return target.Count(extent => extent == -1) <= 1
            ? target
            : throw new SkiptuneException($"axes {string.Join(", ", moving)} follow the batch in a way that is not supported; export the model with a fixed batch");
    }

    // A model exported for one batch size has that number, or a multiple of it, where the batch belongs.
    private static void ForgetFixedBatch(NodeReader node, int[] target)
    {
        if (node.FixedBatch is not { } batch || target[0] <= 0)
            return;
        if (target[0] == batch)
            target[0] = 0;
        else if (target[0] % batch == 0 && !target.Contains(-1) && !target.Contains(0))
            target[0] = -1;
    }
}
