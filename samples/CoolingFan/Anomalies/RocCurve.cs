namespace CoolingFan.Anomalies;

/// <summary>How well scores tell two kinds apart.</summary>
internal static class RocCurve
{
    /// <summary>The area under the curve: the chance that a damaged sample scores above a normal one, ties counted half.</summary>
    public static double Area(IReadOnlyCollection<float> normal, IReadOnlyCollection<float> damaged)
    {
        (float Score, bool Damaged)[] all = [.. normal.Select(score => (score, false)).Concat(damaged.Select(score => (score, true))).OrderBy(pair => pair.Item1)];
        double above = 0;
        long seen = 0;
        for (int first = 0, end; first < all.Length; first = end)
        {
            (long normals, long damages) = (0, 0);
            for (end = first; end < all.Length && all[end].Score == all[first].Score; end++)
                _ = all[end].Damaged ? damages++ : normals++;
            above += damages * (seen + normals / 2.0);
            seen += normals;
        }
        return above / ((double)normal.Count * damaged.Count);
    }
}
