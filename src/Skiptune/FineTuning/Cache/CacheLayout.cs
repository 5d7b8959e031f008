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
        RowBytes = offset;
    }

    public ImmutableArray<CacheSegment> Segments { get; }

    public int RowBytes { get; }
}
