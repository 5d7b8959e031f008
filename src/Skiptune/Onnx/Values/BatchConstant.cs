using Skiptune.Networks;

namespace Skiptune.Onnx;

/// <summary>One number repeated over the batch: what a ConstantOfShape of the batch becomes.</summary>
internal static class BatchConstant
{
    /// <summary>The node that makes the value from the batch of an input, or null if it is not of that form.</summary>
    public static Node? Of(KnownValue value, string input, string output, Func<float, string> store)
    {
        KnownTensor[] examples = value.Examples;
        double number = examples[0].Values.FirstOrDefault();
        if (examples.Any(example => example.Values.Length == 0 || example.Values.Any(other => other != number) || example.Shape.Rank != value.Shape.Rank))
            return null;
        int[] target = new int[value.Shape.Rank];
        for (int axis = 0; axis < target.Length; axis++)
        {
            if (examples.All(example => example.Shape[axis] == value.Shape[axis]))
                target[axis] = value.Shape[axis];
            else if (examples.Select(example => example.Shape[axis]).SequenceEqual(KnownValue.Batches))
                target[axis] = Expand.Batch;
            else
                return null;
        }
        return new Node(output, new Expand([.. target]), [store((float)number), input], [output]);
    }
}
