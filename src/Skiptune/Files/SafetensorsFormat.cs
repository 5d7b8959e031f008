namespace Skiptune.Files;

/// <summary>What reader and writer of safetensors agree on.</summary>
internal static class SafetensorsFormat
{
    public const int LengthBytes = sizeof(ulong);

    /// <summary>The longest header: that of the format's reference implementation.</summary>
    public const int MaxHeaderBytes = 100_000_000;

    public const int MaxRank = 16;

    public const string Metadata = "__metadata__";

    public const string Type = "dtype";

    public const string Shape = "shape";

    public const string Offsets = "data_offsets";

    /// <summary>Length, braces and padding around the entries of a header.</summary>
    public const int MaxFrameBytes = 64;

    /// <summary>The bytes of a tensor's entry at most: each character of the name may be escaped, sixteen extents and two offsets are written out.</summary>
    public static int MaxEntryBytes(string name) => 6 * name.Length + 512;
}
