using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Skiptune.Numerics;

namespace Skiptune.FineTuning;

/// <summary>Rows in memory, in chunks, because one array ends at 2 GB.</summary>
internal sealed unsafe class MemoryRows : RowStore
{
    /// <summary>The bytes of a chunk at most, unless one row is larger.</summary>
    private const int ChunkBytes = 1 << 28;

    // Rows start on a cache line, for a vector that crosses one is loaded twice, where that costs no more than this part
    // of the memory.
    private const int MostPadding = 100;

    private readonly Memory<float>[] _chunks;

    public MemoryRows(int rows, int rowBytes, int chunkBytes = ChunkBytes)
        : base(rows, rowBytes)
    {
        int padding = (AlignedMemory.Alignment - rowBytes % AlignedMemory.Alignment) % AlignedMemory.Alignment;
        int stride = padding <= rowBytes / MostPadding ? checked(rowBytes + padding) : rowBytes;
        int rowsInChunk = Math.Max(1, chunkBytes / stride);
        _chunks = new Memory<float>[(rows - 1) / rowsInChunk + 1];
        for (int chunk = 0; chunk < _chunks.Length; chunk++)
            _chunks[chunk] = SpareMemory.Take((Math.Min(rowsInChunk, rows - chunk * rowsInChunk) * stride + sizeof(float) - 1) / sizeof(float));
        Place([.. _chunks.Select(chunk => (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(chunk.Span)))], rowsInChunk, stride);
    }

    protected override void Dispose(bool disposing)
    {
        if (_chunks is [{ IsEmpty: false } only])
            SpareMemory.Give(only);
        _chunks.AsSpan().Clear();
        base.Dispose(disposing);
    }

    public override void Write(int row, ReadOnlySpan<byte> bytes) => bytes.CopyTo(new Span<byte>((void*)AddressOf(row), RowBytes));
}
