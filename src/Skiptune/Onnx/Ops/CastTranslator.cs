using Skiptune.Networks;

namespace Skiptune.Onnx;

/// <summary>Cast: nothing between floats and from whole numbers to floats, as all are float32 in memory.</summary>
internal static class CastTranslator
{
    public static void Read(NodeReader node)
    {
        node.CheckInputs(1, 1);
        int to = TargetOf(node);
        int from = node.TypeOf(0);
        bool whole = !ElementType.IsFloat(from);
        if (ElementType.IsFloat(to) || (to == ElementType.Bool ? from == ElementType.Bool : whole))
            node.PassThrough(0);
        else
            node.Emit(new Cast(to == ElementType.Bool ? CastTarget.Boolean : CastTarget.Integer), node.Activation(0));
    }

    /// <summary>The element type the values become.</summary>
    public static int TargetOf(NodeReader node)
    {
        // Whether float8 saturates; those types are refused.
        node.Attributes.Int("saturate", 1, 0, 1);
        int to = node.Attributes.Int("to", 0, 0, int.MaxValue);
        if (ElementType.SizeOf(to) == 0)
            throw new SkiptuneException($"to is {ElementType.NameOf(to)}, which is not supported; export the model with float32");
        return to;
    }

    public static void Write(NodeWriter node)
    {
        int to = ((Cast)node.Node.Op).Target == CastTarget.Boolean ? ElementType.Bool : ElementType.Int64;
        node.AddAsFloat("Cast").With("to", to);
    }
}
