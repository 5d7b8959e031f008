using Skiptune.Streaming.Anomaly;

namespace Skiptune.Streams.Nab;

/// <summary>ONLAD on the last values of a series, learning all of it as it comes.</summary>
/// <param name="Length">The values of a sample.</param>
/// <param name="Options">The detector's; the features are set here.</param>
internal sealed record NabDetector(int Length, OnladOptions Options)
{
    /// <summary>How anomalous each row is: the score over the threshold; 0 before there is one, and for a while after an alarm.</summary>
    public double[] Run(NabFile file)
    {
        Onlad detector = new(Options with { Features = Length });
        // After an alarm the same samples would alarm again until it has left the window. Other detectors of NAB rest likewise.
        int rest = file.Probation / 5;
        double[] scores = new double[file.Values.Length];
        int quietUntil = 0;
        for (int row = Length - 1; row < scores.Length; row++)
        {
            float[] sample = file.Values[(row - Length + 1)..(row + 1)];
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
}
