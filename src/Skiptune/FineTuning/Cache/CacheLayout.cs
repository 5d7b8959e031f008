using System.Collections.Immutable;
using Skiptune.Numerics;

namespace Skiptune.FineTuning;

/// <summary>One value of a sample in a cache row.</summary>
/// <param name="Name">The value's name in the graph.</param>
/// <param name="Count">Its elements.</param>
/// <param name="Offset">Its first byte in the row.</param>
/// <param name="Format">How it is written.</param>
internal sealed record CacheSegment(string Name, int Count, int Offset, RowFormat Format)
{
    public int Bytes => Format.Bytes(Count);
}

/// <summary>What a cache row holds: the values that cross from the frozen part of a network to the trained one.</summary>
internal sealed class CacheLayout
{
    // Rows start on a cache line where that makes them longer by no more than this part of them.
    private const int MostPadding = 100;

    public CacheLayout(IEnumerable<FrontierValue> frontier, CacheFormat format)
    {
        ImmutableArray<CacheSegment>.Builder segments = ImmutableArray.CreateBuilder<CacheSegment>();
        int offset = 0;
        foreach (FrontierValue value in frontier)
        {
            CacheSegment segment = new(value.Name, value.SampleShape.Count, offset, format.RowFormatFor(value.NonNegative, value.IsBaseOutput));
            segments.Add(segment);
            offset = checked(offset + segment.Bytes);
        }
        Segments = segments.ToImmutable();
        // Vectors that cross a cache line are loaded twice.
        int padding = (AlignedMemory.Alignment - offset % AlignedMemory.Alignment) % AlignedMemory.Alignment;
        RowBytes = padding <= offset / MostPadding ? checked(offset + padding) : offset;
    }

    public ImmutableArray<CacheSegment> Segments { get; }

    /// <summary>From one row to the next.</summary>
    public int RowBytes { get; }
}
