namespace Skiptune.Onnx;

/// <summary>The element types of ONNX tensors by number.</summary>
internal static class ElementType
{
    public const int Float = 1;

    public const int UInt8 = 2;

    public const int Int8 = 3;

    public const int UInt16 = 4;

    public const int Int16 = 5;

    public const int Int32 = 6;

    public const int Int64 = 7;

    public const int Bool = 9;

    public const int Float16 = 10;

    public const int Float64 = 11;

    public const int UInt32 = 12;

    public const int UInt64 = 13;

    public const int BFloat16 = 16;

    private static readonly string[] s_names =
    [
        "undefined", "float32", "uint8", "int8", "uint16", "int16", "int32", "int64", "string", "bool", "float16",
        "float64", "uint32", "uint64", "complex64", "complex128", "bfloat16",
    ];

    /// <summary>The type's name for people.</summary>
    public static string NameOf(int type) => type >= 0 && type < s_names.Length ? s_names[type] : $"type {type}";

    /// <summary>True for numbers with a fraction.</summary>
    public static bool IsFloat(int type) => type is Float or Float16 or Float64 or BFloat16;

    /// <summary>The bytes of an element in raw data; 0 for a type that is not read.</summary>
    public static int SizeOf(int type) => type switch
    {
        UInt8 or Int8 or Bool => 1,
        UInt16 or Int16 or Float16 or BFloat16 => 2,
        Float or Int32 or UInt32 => 4,
        Int64 or UInt64 or Float64 => 8,
        _ => 0,
    };
}
