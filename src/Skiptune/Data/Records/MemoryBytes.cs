namespace Skiptune.Data;

/// <summary>Bytes in memory.</summary>
internal sealed class MemoryBytes(ReadOnlyMemory<byte> bytes) : RecordBytes
{
    public ReadOnlyMemory<byte> Memory { get; } = bytes;

    public override long Length => Memory.Length;

    public override bool InMemory => true;

    public override ReadOnlySpan<byte> View(long offset, int count, Span<byte> buffer) => Memory.Span.Slice((int)offset, count);
}
