using System.Collections.Frozen;
using Skiptune.Networks;

namespace Skiptune.Onnx;

/// <summary>The one table of what is read and written: a new operator is a line here and a translator in Ops.</summary>
internal static class OnnxOps
{
    /// <summary>Readers by the operator's ONNX name.</summary>
    public static FrozenDictionary<string, Action<NodeReader>> Readers { get; } = new Dictionary<string, Action<NodeReader>>(StringComparer.Ordinal)
    {
        ["Add"] = AddTranslator.Read,
        ["AveragePool"] = AveragePoolTranslator.Read,
        ["BatchNormalization"] = BatchNormalizationTranslator.Read,
        ["Cast"] = CastTranslator.Read,
        ["Concat"] = ConcatTranslator.Read,
        ["Constant"] = ConstantTranslator.Read,
        ["Conv"] = ConvTranslator.Read,
        ["Dropout"] = DropoutTranslator.Read,
        ["Equal"] = CompareTranslator.Read(Comparison.Equal),
        ["Expand"] = ExpandTranslator.Read,
        ["Flatten"] = FlattenTranslator.Read,
        ["Gather"] = GatherTranslator.Read,
        ["Gemm"] = GemmTranslator.Read,
        ["GlobalAveragePool"] = GlobalAveragePoolTranslator.Read,
        ["Greater"] = CompareTranslator.Read(Comparison.Greater),
        ["GreaterOrEqual"] = CompareTranslator.Read(Comparison.GreaterOrEqual),
        ["Identity"] = IdentityTranslator.Read,
        ["Less"] = CompareTranslator.Read(Comparison.Less),
        ["LessOrEqual"] = CompareTranslator.Read(Comparison.LessOrEqual),
        ["MatMul"] = MatMulTranslator.Read,
        ["MaxPool"] = MaxPoolTranslator.Read,
        ["Mul"] = ScaleTranslator.Read,
        ["Pad"] = PadTranslator.Read,
        ["Relu"] = ReluTranslator.Read,
        ["Reshape"] = ReshapeTranslator.Read,
        ["Resize"] = ResizeTranslator.Read,
        ["Slice"] = SliceTranslator.Read,
        ["Split"] = SplitTranslator.Read,
        ["Squeeze"] = AxesTranslator.ReadSqueeze,
        ["Transpose"] = TransposeTranslator.Read,
        ["Unsqueeze"] = AxesTranslator.ReadUnsqueeze,
        ["Upsample"] = ResizeTranslator.ReadUpsample,
        ["Where"] = WhereTranslator.Read,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Writers by the type of the operator.</summary>
    public static FrozenDictionary<Type, Action<NodeWriter>> Writers { get; } = new Dictionary<Type, Action<NodeWriter>>
    {
        [typeof(Add)] = AddTranslator.Write,
        [typeof(AveragePool)] = AveragePoolTranslator.Write,
        [typeof(BatchNormalization)] = BatchNormalizationTranslator.Write,
        [typeof(Cast)] = CastTranslator.Write,
        [typeof(Compare)] = CompareTranslator.Write,
        [typeof(Concat)] = ConcatTranslator.Write,
        [typeof(Conv)] = ConvTranslator.Write,
        [typeof(Expand)] = ExpandTranslator.Write,
        [typeof(Flatten)] = FlattenTranslator.Write,
        [typeof(Gather)] = GatherTranslator.Write,
        [typeof(Gemm)] = GemmTranslator.Write,
        [typeof(GlobalAveragePool)] = GlobalAveragePoolTranslator.Write,
        [typeof(LowRankAdapter)] = LowRankAdapterTranslator.Write,
        [typeof(MaxPool)] = MaxPoolTranslator.Write,
        [typeof(Pad)] = PadTranslator.Write,
        [typeof(Relu)] = ReluTranslator.Write,
        [typeof(Reshape)] = ReshapeTranslator.Write,
        [typeof(Resize)] = ResizeTranslator.Write,
        [typeof(Scale)] = ScaleTranslator.Write,
        [typeof(Slice)] = SliceTranslator.Write,
        [typeof(Split)] = SplitTranslator.Write,
        [typeof(Squeeze)] = AxesTranslator.Write,
        [typeof(Transpose)] = TransposeTranslator.Write,
        [typeof(Unsqueeze)] = AxesTranslator.Write,
        [typeof(Where)] = WhereTranslator.Write,
    }.ToFrozenDictionary();
}
