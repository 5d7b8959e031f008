using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.Onnx;

/// <summary>Functions of one value or two, element by element.</summary>
internal static class ElementwiseTranslator
{
    /// <summary>A function of one value without attributes.</summary>
    public static void ReadUnary<T>(NodeReader node)
        where T : UnaryOp, new() => ReadUnary(node, new T());

    /// <summary>A function of two values.</summary>
    public static void ReadBinary<T>(NodeReader node)
        where T : BinaryOp, new()
    {
        node.CheckInputs(2, 2);
        node.Emit(new T(), node.Activation(0), node.Activation(1));
    }

    /// <summary>A function of any number of values: of the first two, of that and the third, and so on.</summary>
    public static void ReadMany<T>(NodeReader node)
        where T : BinaryOp, new()
    {
        node.CheckInputs(1, int.MaxValue);
        if (node.InputCount == 1)
        {
            node.PassThrough(0);
            return;
        }
        string[] values = node.Operands();
        string result = values[0];
        foreach ((int i, string value) in values[1..^1].Index())
            result = node.EmitPart($"{i + 1}", new T(), result, value);
        node.Emit(new T(), result, values[^1]);
    }

    public static void ReadLeakyRelu(NodeReader node) => ReadUnary(node, new LeakyRelu(node.Attributes.Float("alpha", 0.01f)));

    public static void ReadElu(NodeReader node) => ReadUnary(node, new Elu(node.Attributes.Float("alpha", 1)));

    public static void ReadHardSigmoid(NodeReader node) =>
        ReadUnary(node, new HardSigmoid(node.Attributes.Float("alpha", 0.2f), node.Attributes.Float("beta", 0.5f)));

    public static void ReadGelu(NodeReader node) => ReadUnary(node, new Gelu(node.Attributes.Word("approximate", "none", "tanh") == "tanh"));

    /// <summary>The limits are attributes before operator set 11 and inputs from it on, constants or computed.</summary>
    public static void ReadClip(NodeReader node)
    {
        if (node.Opset < 11)
        {
            ReadUnary(node, new Clip(node.Attributes.Float("min", float.MinValue), node.Attributes.Float("max", float.MaxValue)));
            return;
        }
        node.CheckInputs(1, 3);
        bool computedMin = IsComputed(node, 1);
        bool computedMax = IsComputed(node, 2);
        if (!computedMin && !computedMax)
        {
            node.Emit(new Clip(Limit(node, 1, float.MinValue), Limit(node, 2, float.MaxValue)), node.Activation(0));
            return;
        }
        // The lower limit first: the upper one wins where it is below it.
        string x = node.Activation(0);
        if (computedMin && !node.HasInput(2))
        {
            node.Emit(new Max(), x, node.Activation(1));
            return;
        }
        if (computedMin)
            x = node.EmitPart("min", new Max(), x, node.Activation(1));
        else if (node.HasInput(1))
            x = node.EmitPart("min", new Clip(Min: Limit(node, 1, 0)), x);
        if (computedMax)
            node.Emit(new Min(), x, node.Activation(2));
        else
            node.Emit(new Clip(Max: Limit(node, 2, 0)), x);
    }

    public static void ReadPRelu(NodeReader node)
    {
        node.CheckInputs(2, 2);
        node.Emit(new PRelu(), node.Activation(0), node.Activation(1));
    }

    /// <summary>The operators without attributes, whose name is ONNX's.</summary>
    public static void Write(NodeWriter node) => node.Add(node.Node.Op.Type);

    public static void WriteLeakyRelu(NodeWriter node) => node.Add("LeakyRelu").With("alpha", ((LeakyRelu)node.Node.Op).Slope);

    public static void WriteElu(NodeWriter node) => node.Add("Elu").With("alpha", ((Elu)node.Node.Op).Scale);

    public static void WriteHardSigmoid(NodeWriter node)
    {
        HardSigmoid op = (HardSigmoid)node.Node.Op;
        node.Add("HardSigmoid").With("alpha", op.Slope).With("beta", op.Offset);
    }

    public static void WriteGelu(NodeWriter node) => node.Add("Gelu").With("approximate", ((Gelu)node.Node.Op).Tanh ? "tanh" : "none");

    public static void WriteClip(NodeWriter node)
    {
        Clip clip = (Clip)node.Node.Op;
        node.Add("Clip", node.StoreScalar("min", clip.Min), node.StoreScalar("max", clip.Max));
    }

    private static void ReadUnary(NodeReader node, UnaryOp op)
    {
        node.CheckInputs(1, 1);
        node.Emit(op, node.Activation(0));
    }

    private static bool IsComputed(NodeReader node, int position)
    {
        if (!node.HasInput(position) || node.IsConstant(position))
            return false;
        Shape limit = node.ShapeOf(node.Activation(position));
        return limit is { Count: 1, Rank: <= 1 } ? true : throw new SkiptuneException($"a limit of {limit} is not one number");
    }

    private static float Limit(NodeReader node, int position, float fallback) => node.HasInput(position) ? node.Number(position) : fallback;
}
