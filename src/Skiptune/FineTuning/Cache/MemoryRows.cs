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
    private readonly nint[] _addresses;
    private readonly int _rowsInChunk;
    private readonly int _stride; // bytes

    public MemoryRows(int rows, int rowBytes, int chunkBytes = ChunkBytes)
        : base(rows, rowBytes)
    {
        int padding = (AlignedMemory.Alignment - rowBytes % AlignedMemory.Alignment) % AlignedMemory.Alignment;
        _stride = padding <= rowBytes / MostPadding ? checked(rowBytes + padding) : rowBytes;
        _rowsInChunk = Math.Max(1, chunkBytes / _stride);
        _chunks = new Memory<float>[(rows - 1) / _rowsInChunk + 1];
        for (int chunk = 0; chunk < _chunks.Length; chunk++)
            _chunks[chunk] = SpareMemory.Take((Math.Min(_rowsInChunk, rows - chunk * _rowsInChunk) * _stride + sizeof(float) - 1) / sizeof(float));
        // They never move.
        _addresses = [.. _chunks.Select(chunk => (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(chunk.Span)))];
    }

    public override nint AddressOf(int row)
    {
        int chunk = row < _rowsInChunk ? 0 : row / _rowsInChunk;
        return _addresses[chunk] + (nint)(row - chunk * _rowsInChunk) * _stride;
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
