namespace Skiptune.Streaming.Drift;

/// <summary>The mean of each class's samples, one sample at a time, and how far samples lie from it feature by feature.</summary>
internal sealed class ClassCentroids(int classes, int features)
{
    private const float SmallestShare = 0.05f;

    private readonly int[] _counts = new int[classes];
    private readonly float[] _centroids = new float[classes * features];
    private readonly float[] _squares = new float[features];

    /// <summary>Samples of all classes.</summary>
    public int Count { get; private set; }

    /// <summary>The bytes of <see cref="Write"/>.</summary>
    public static long StateBytes(int classes, int features) => sizeof(int) * (1L + classes) + sizeof(float) * (classes + 1L) * features;

    public void Add(ReadOnlySpan<float> x, int @class)
    {
        Count++;
        float share = 1f / ++_counts[@class];
        Span<float> centroid = _centroids.AsSpan(@class * features, features);
        for (int i = 0; i < features; i++)
        {
            float before = x[i] - centroid[i];
            centroid[i] += share * before;
            _squares[i] += before * (x[i] - centroid[i]);
        }
    }

    public void Clear()
    {
        Array.Clear(_counts);
        Array.Clear(_centroids);
        Array.Clear(_squares);
        Count = 0;
    }

    /// <summary>
    /// The distance of newer centroids from these: absolute differences in deviations of a sample, in units of what they are in the mean
    /// without any change (sqrt(2 / pi) sqrt(1 / n + 1 / N) for n and N normal samples), averaged over features and, by their
    /// samples, classes. 1 without a change, whatever the numbers of samples. A class that these have not seen is measured
    /// from the mean of all.
    /// </summary>
    public double Distance(ClassCentroids newer)
    {
        double meanSquare = 0;
        foreach (float squares in _squares)
            meanSquare += (double)squares / Count / features;
        double least = SmallestShare * Math.Sqrt(meanSquare);
        double distance = 0;
        for (int i = 0; i < features; i++)
        {
            double deviation = Math.Max(Math.Sqrt((double)_squares[i] / Count), least);
            for (int c = 0; c < classes; c++)
            {
                if (newer._counts[c] == 0)
                    continue;
                (double from, int samples) = _counts[c] > 0 ? (_centroids[c * features + i], _counts[c]) : (MeanOfAll(i), Count);
                double apart = Math.Abs(newer._centroids[c * features + i] - from);
                double chance = Math.Sqrt(2 / Math.PI * (1.0 / newer._counts[c] + 1.0 / samples));
                if (apart > 0)
                    distance += Math.Min(apart / Math.Max(deviation, double.Epsilon) / chance, Furthest) * newer._counts[c] / newer.Count / features;
            }
        }
        return distance;
    }

    // A feature that had never moved and does: far, but not infinitely.
    private const double Furthest = 1e6;

    public void Write(BinaryWriter writer)
    {
        writer.Write(Count);
        foreach (int count in _counts)
            writer.Write(count);
        writer.Write((ReadOnlySpan<float>)_centroids);
        writer.Write((ReadOnlySpan<float>)_squares);
    }

    public static ClassCentroids Read(BinaryReader reader, int classes, int features)
    {
        ClassCentroids read = new(classes, features) { Count = reader.ReadCount(int.MaxValue) };
        long sum = 0;
        foreach (ref int count in read._counts.AsSpan())
            sum += count = reader.ReadCount(read.Count);
        reader.Read(read._centroids.AsSpan());
        reader.Read(read._squares.AsSpan());
        return sum == read.Count && read._squares.All(squares => squares >= 0) ? read : throw StateBlock.Damaged();
    }

    private double MeanOfAll(int feature)
    {
        double sum = 0;
        for (int c = 0; c < classes; c++)
            sum += (double)_counts[c] * _centroids[c * features + feature] / Count;
        return sum;
    }
}
