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
        ["Constant"] = ConstantTranslator.Read,
        ["Conv"] = ConvTranslator.Read,
        ["Dropout"] = DropoutTranslator.Read,
        ["Flatten"] = FlattenTranslator.Read,
        ["Gemm"] = GemmTranslator.Read,
        ["GlobalAveragePool"] = GlobalAveragePoolTranslator.Read,
        ["Identity"] = IdentityTranslator.Read,
        ["MatMul"] = MatMulTranslator.Read,
        ["MaxPool"] = MaxPoolTranslator.Read,
        ["Mul"] = ScaleTranslator.Read,
        ["Relu"] = ReluTranslator.Read,
        ["Reshape"] = ReshapeTranslator.Read,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Writers by the type of the operator.</summary>
    public static FrozenDictionary<Type, Action<NodeWriter>> Writers { get; } = new Dictionary<Type, Action<NodeWriter>>
    {
        [typeof(Add)] = AddTranslator.Write,
        [typeof(AveragePool)] = AveragePoolTranslator.Write,
        [typeof(BatchNormalization)] = BatchNormalizationTranslator.Write,
        [typeof(Conv)] = ConvTranslator.Write,
        [typeof(Flatten)] = FlattenTranslator.Write,
        [typeof(Gemm)] = GemmTranslator.Write,
        [typeof(GlobalAveragePool)] = GlobalAveragePoolTranslator.Write,
        [typeof(LowRankAdapter)] = LowRankAdapterTranslator.Write,
        [typeof(MaxPool)] = MaxPoolTranslator.Write,
        [typeof(Relu)] = ReluTranslator.Write,
        [typeof(Reshape)] = ReshapeTranslator.Write,
        [typeof(Scale)] = ScaleTranslator.Write,
    }.ToFrozenDictionary();
}
