namespace Skiptune.Onnx;

/// <summary>The element types of ONNX tensors by number.</summary>
internal static class ElementType
{
    public const int Float = 1;

    public const int Int64 = 7;

    public const int Bool = 9;

    private static readonly string[] s_names =
    [
        "undefined", "float32", "uint8", "int8", "uint16", "int16", "int32", "int64", "string", "bool", "float16",
        "float64", "uint32", "uint64", "complex64", "complex128", "bfloat16",
    ];

    /// <summary>The type's name for people.</summary>
    public static string NameOf(int type) => type >= 0 && type < s_names.Length ? s_names[type] : $"type {type}";
}
