using Skiptune.Streaming.Anomaly;

namespace Skiptune.Streams.Nab;

/// <summary>ONLAD on the past of a series, learning all of it as it comes.</summary>
/// <param name="Recent">The last values of a sample, one by one.</param>
/// <param name="Blocks">Means of the values before them: of as many, of twice as many before those, and so on.</param>
/// <param name="Instances">The most normal patterns.</param>
internal sealed record NabDetector(int Recent, int Blocks, int Instances)
{
    /// <summary>What is tried on the series that choose.</summary>
    public static NabDetector[] Candidates { get; } =
    [
        .. from recent in new[] { 4, 8, 16, 24 }
           from blocks in new[] { 0, 2, 3 }
           from instances in new[] { 1, 4 }
           select new NabDetector(recent, blocks, instances),
    ];

    /// <summary>The best of them there.</summary>
    public static NabDetector Chosen { get; } = new(8, 3, 4);

    /// <summary>How anomalous each row is, with a hidden layer of that seed: the score over the threshold; 0 before there is one, and for a while after an alarm.</summary>
    public double[] Run(NabFile file, long seed)
    {
        Onlad detector = new(new OnladOptions { Features = Recent + Blocks, Instances = Instances, Seed = seed });
        // After an alarm the same samples would alarm again until it has left the window. Other detectors of NAB rest likewise.
        int rest = file.Probation / 5;
        double[] scores = new double[file.Values.Length];
        float[] sample = new float[Recent + Blocks];
        int quietUntil = 0;
        for (int row = (Recent << Blocks) - 1; row < scores.Length; row++)
        {
            Sample(file.Values.AsSpan(0, row + 1), sample);
            float threshold = detector.Threshold;
            float score = detector.Learn(sample);
            if (row < quietUntil || !float.IsFinite(threshold))
                continue;
            scores[row] = score / Math.Max(threshold, float.Epsilon);
            if (scores[row] > 1)
                quietUntil = row + rest;
        }
        return scores;
    }

    private void Sample(ReadOnlySpan<float> past, Span<float> sample)
    {
        past[^Recent..].CopyTo(sample);
        past = past[..^Recent];
        for ((int block, int length) = (0, Recent); block < Blocks; block++, length *= 2)
        {
            double sum = 0;
            foreach (float value in past[^length..])
                sum += value;
            sample[Recent + block] = (float)(sum / length);
            past = past[..^length];
        }
    }
}
