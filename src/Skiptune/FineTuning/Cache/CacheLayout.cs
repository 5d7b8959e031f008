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
        // Each starts at a multiple of what divides its own length, whole cache lines first: a vector that crosses a line is
        // loaded twice.
        foreach (CacheSegment segment in frontier.Select(Measure).OrderByDescending(segment => Math.Min(segment.Bytes & -segment.Bytes, AlignedMemory.Alignment)))
        {
            segments.Add(segment with { Offset = offset });
            offset = checked(offset + segment.Bytes);
        }
        Segments = segments.ToImmutable();
        RowBytes = offset;

        CacheSegment Measure(FrontierValue value) => new(value.Name, value.SampleShape.Count, 0, format.RowFormatFor(value.NonNegative, value.IsBaseOutput));
    }

    public ImmutableArray<CacheSegment> Segments { get; }

    public int RowBytes { get; }
}
