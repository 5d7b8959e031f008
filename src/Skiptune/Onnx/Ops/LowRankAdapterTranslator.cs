using Skiptune.Networks;
using Skiptune.Onnx.Proto;

namespace Skiptune.Onnx;

/// <summary>
/// Writes y = base + Factor * sum_k B_k (A_k x_k) as two matrix products for each tap, Add, Mul (where the factor is not
/// 1) and Add. Over vectors the products are Gemm, after Flatten where x_k has more axes; over the last of several axes
/// they are MatMul with the transposed matrices. It is read back as those.
/// </summary>
internal static class LowRankAdapterTranslator
{
    public static void Write(NodeWriter node)
    {
        LowRankAdapter op = (LowRankAdapter)node.Node.Op;
        string prefix = node.Node.Name;
        string sum = Tap(node, op, 0);
        for (int k = 1; k < op.Taps; k++)
            sum = Result(node.AddPart("Add", $"{prefix}.sum{k}", [sum, Tap(node, op, k)]));
        if (op.Factor != 1)
            sum = Result(node.AddPart("Mul", $"{prefix}.scaled", [sum, node.StoreScalar("factor", op.Factor)]));
        NodeProto last = node.Add("Add");
        last.Input.Clear();
        last.Input.Add([node.Node.Inputs[0], sum]);
    }

    private static string Tap(NodeWriter node, LowRankAdapter op, int k)
    {
        string prefix = node.Node.Name;
        string x = node.Node.Inputs[LowRankAdapter.TapInput(k)];
        if (node.ShapeOf(node.Node.Inputs[0]).Rank > 2)
            return Product(node, $"{prefix}.up{k}", Product(node, $"{prefix}.down{k}", x, op.DownInput(k)), op.UpInput(k));
        if (node.ShapeOf(x).Rank != 2)
            x = Result(node.AddPart("Flatten", $"{prefix}.flat{k}", [x]).With("axis", 1));
        string down = Result(node.AddPart("Gemm", $"{prefix}.down{k}", [x, node.Node.Inputs[op.DownInput(k)]]).With("transB", 1));
        return Result(node.AddPart("Gemm", $"{prefix}.up{k}", [down, node.Node.Inputs[op.UpInput(k)]]).With("transB", 1));
    }

    private static string Product(NodeWriter node, string name, string x, int matrix)
    {
        string transposed = Result(node.AddPart("Transpose", $"{name}.matrix", [node.Node.Inputs[matrix]]).With("perm", [1, 0]));
        return Result(node.AddPart("MatMul", name, [x, transposed]));
    }

    private static string Result(NodeProto node) => node.Output[0];
}
