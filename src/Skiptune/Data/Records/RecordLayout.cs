using Skiptune.Numerics;

namespace Skiptune.Data;

/// <summary>Where samples lie in bytes: one a record, all records of one length.</summary>
/// <param name="Offset">Where the first sample starts.</param>
/// <param name="Stride">The bytes from one sample to the next, at least <see cref="SampleBytes"/>.</param>
/// <param name="Sample">The extents of a sample.</param>
/// <param name="Type">How its values are stored.</param>
internal readonly record struct RecordLayout(long Offset, long Stride, Shape Sample, StoredType Type)
{
    /// <summary>The bytes of a sample.</summary>
    public long SampleBytes => (long)Sample.Count * StoredValues.SizeOf(Type);
}
