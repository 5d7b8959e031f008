using System.Collections.Frozen;

namespace Skiptune.Onnx;

/// <summary>What to do about nodes that are not supported.</summary>
internal static class Remedies
{
    private const string Quantized = "export the float32 model, before quantisation";
    private const string Control = "export by tracing, with the branch or the number of rounds fixed";
    private const string Recurrent = "unroll the recurrence before exporting, or adapt the layers after it alone";
    private const string Dynamic = "its result has no fixed shape; leave it to the code after the model";

    private static readonly FrozenDictionary<string, string> s_lines = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [""] = "not of the ONNX standard; export with standard operators",
        ["DequantizeLinear"] = Quantized,
        ["DynamicQuantizeLinear"] = Quantized,
        ["QLinearConv"] = Quantized,
        ["QLinearMatMul"] = Quantized,
        ["QuantizeLinear"] = Quantized,
        ["ConvInteger"] = Quantized,
        ["MatMulInteger"] = Quantized,
        ["If"] = Control,
        ["Loop"] = Control,
        ["Scan"] = Control,
        ["GRU"] = Recurrent,
        ["LSTM"] = Recurrent,
        ["RNN"] = Recurrent,
        ["NonMaxSuppression"] = Dynamic,
        ["NonZero"] = Dynamic,
        ["Unique"] = Dynamic,
        ["TopK"] = "end the model before it and sort in code",
        ["ArgMax"] = "end the model at the values it compares",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>One line for an operator of the standard, or "" for one of another domain.</summary>
    public static string For(string op) => s_lines.GetValueOrDefault(op, "export the model without it, or end it before it");
}
