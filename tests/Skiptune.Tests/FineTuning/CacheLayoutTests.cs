using Skiptune.FineTuning;
using Skiptune.Numerics;

namespace Skiptune.Tests.FineTuning;

public class CacheLayoutTests
{
    private static readonly int[] Counts = [10, 1176, 400, 120, 84, 16, 1, 33, 64];

    [Theory]
    [InlineData("float32")]
    [InlineData("float16")]
    [InlineData("int8")]
    [InlineData("int4")]
    [InlineData("int3")]
    [InlineData("int2")]
    public void SegmentsFollowEachOtherWithoutGapsWholeCacheLinesFirst(string format)
    {
        IEnumerable<FrontierValue> frontier = Counts.Select((count, i) => new FrontierValue($"value{i}", new Shape(count), i % 2 == 0, i == 0));
        CacheLayout layout = new(frontier, CacheFormat.Parse(format));

        Assert.Equal(Counts.Order(), layout.Segments.Select(segment => segment.Count).Order());
        int offset = 0;
        int divisor = AlignedMemory.Alignment;
        foreach (CacheSegment segment in layout.Segments)
        {
            Assert.Equal(offset, segment.Offset);
            int own = Math.Min(AlignedMemory.Alignment, segment.Bytes & -segment.Bytes);
            Assert.True(own <= divisor, segment.Name);
            Assert.Equal(0, segment.Offset % own);
            (offset, divisor) = (offset + segment.Bytes, own);
        }
        Assert.Equal(offset, layout.RowBytes);
    }
}
