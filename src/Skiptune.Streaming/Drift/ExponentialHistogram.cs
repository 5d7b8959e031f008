namespace Skiptune.Streaming.Drift;

/// <summary>A window of any length in fixed memory: buckets of 1, 2, 4 ... samples, so many of each at most, of which only mean and squares are kept.</summary>
/// <param name="most">Buckets of each size; one more makes the two oldest one of the next size.</param>
internal sealed class ExponentialHistogram(int most)
{
    /// <summary>Sizes up to 2^39: no stream is longer.</summary>
    private const int Sizes = 40;

    private readonly int[] _counts = new int[Sizes];
    private readonly Bucket[] _buckets = new Bucket[Sizes * (most + 1)];

    /// <summary>The bytes of <see cref="Write"/>.</summary>
    public static long StateBytes(int most) => Sizes * (sizeof(int) + 2L * sizeof(double) * most);

    /// <summary>All samples as one bucket.</summary>
    public Bucket Total()
    {
        Bucket total = default;
        for (Position at = Oldest(); at.Size >= 0; at = Newer(at))
            total = total.With(this[at]);
        return total;
    }

    /// <summary>The oldest bucket's position; its size is -1 where there is none.</summary>
    public Position Oldest() => Newer(new Position(Sizes, 0));

    /// <summary>The position after.</summary>
    public Position Newer(Position at)
    {
        if (at.Size < Sizes && at.Index + 1 < _counts[at.Size])
            return at with { Index = at.Index + 1 };
        int size = at.Size - 1;
        while (size >= 0 && _counts[size] == 0)
            size--;
        return new Position(size, 0);
    }

    public Bucket this[Position at] => _buckets[at.Size * (most + 1) + at.Index];

    public void Add(double value)
    {
        Bucket bucket = new(1, value, 0);
        for (int size = 0; size < Sizes; size++)
        {
            Span<Bucket> row = Row(size);
            row[_counts[size]++] = bucket;
            if (_counts[size] <= most || size == Sizes - 1)
            {
                // The longest window there can be: its oldest bucket falls out.
                if (_counts[size] > most)
                    Remove(size, 1);
                return;
            }
            bucket = row[0].With(row[1]);
            Remove(size, 2);
        }
    }

    public void RemoveOldest() => Remove(Oldest().Size, 1);

    public void Write(BinaryWriter writer)
    {
        for (int size = 0; size < Sizes; size++)
        {
            writer.Write(_counts[size]);
            foreach (Bucket bucket in Row(size)[..most])
            {
                writer.Write(bucket.Mean);
                writer.Write(bucket.Squares);
            }
        }
    }

    public static ExponentialHistogram Read(BinaryReader reader, int most)
    {
        ExponentialHistogram read = new(most);
        for (int size = 0; size < Sizes; size++)
        {
            read._counts[size] = reader.ReadCount(most);
            for (int i = 0; i < most; i++)
                read.Row(size)[i] = new Bucket(1L << size, reader.ReadFinite(), reader.ReadSquares());
            read.Row(size)[read._counts[size]..].Clear();
        }
        return read;
    }

    // Oldest first.
    private Span<Bucket> Row(int size) => _buckets.AsSpan(size * (most + 1), most + 1);

    private void Remove(int size, int count)
    {
        Span<Bucket> row = Row(size);
        row[count..].CopyTo(row);
        row[^count..].Clear();
        _counts[size] -= count;
    }

    /// <summary>A bucket: the samples of 2^size, and which of them, oldest first.</summary>
    internal readonly record struct Position(int Size, int Index);

    /// <summary>Some samples: how many, their mean, the sum of their squared differences from it.</summary>
    internal readonly record struct Bucket(long Count, double Mean, double Squares)
    {
        /// <summary>Both together (Chan, Golub and LeVeque 1979).</summary>
        public Bucket With(Bucket other)
        {
            long count = Count + other.Count;
            double apart = other.Mean - Mean;
            return new Bucket(count, Mean + apart * other.Count / count, Squares + other.Squares + apart * apart * Count * other.Count / count);
        }

        /// <summary>What is left when a part is taken away; of its mean alone, the squares are not needed.</summary>
        public double MeanWithout(Bucket part) => (Mean * Count - part.Mean * part.Count) / (Count - part.Count);
    }
}
