namespace Skiptune.Data;

/// <summary>The types of elements that are read, as NPY files name them.</summary>
internal static class NpyDescriptor
{
    public const string Supported = "'<f4', '<f8', '|u1', '<i4' and '<i8'";

    /// <summary>The type of a name, or null.</summary>
    public static StoredType? TypeOf(string descriptor) => descriptor switch
    {
        "|u1" or "<u1" or ">u1" => StoredType.Byte,
        "<i4" => StoredType.Int32,
        "<i8" => StoredType.Int64,
        "<f4" => StoredType.Single,
        "<f8" => StoredType.Double,
        _ => null,
    };
}
