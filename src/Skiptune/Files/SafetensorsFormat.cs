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
}
