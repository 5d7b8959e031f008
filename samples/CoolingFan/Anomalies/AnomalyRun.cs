using System.Diagnostics;
using Skiptune.Streaming.Anomaly;

namespace CoolingFan.Anomalies;

/// <summary>A row of the table: what a detector was taught, and how well it tells a damaged fan.</summary>
/// <param name="Taught">Where.</param>
/// <param name="Preprocessing">What is done to a spectrum first.</param>
/// <param name="Instances">How many normal patterns it may tell apart.</param>
/// <param name="Auc">The area under the ROC curve over all rows of the noisy recordings with changing speed: the mean of five seeds.</param>
/// <param name="Deviation">The standard deviation of those.</param>
/// <param name="MicrosecondsPerSample">To score and learn one sample; the mean over the last place taught.</param>
internal sealed record AnomalyRun(string Taught, string Preprocessing, int Instances, double Auc, double Deviation, double MicrosecondsPerSample)
{
    // Random hidden layers differ: one seed says little.
    private const int Seeds = 5;

    /// <summary>
    /// Teaches normal spectra in the order they were recorded, one pass, then scores without learning. Damaged spectra are
    /// read for the score alone.
    /// </summary>
    /// <param name="recordings">The recordings.</param>
    /// <param name="fault">1 or 2.</param>
    /// <param name="options">The detector.</param>
    /// <param name="rooms">Where the constant-speed recordings it is taught were made, one after the other.</param>
    public static AnomalyRun Of(FanRecordings recordings, int fault, OnladOptions options, params string[] rooms)
    {
        float[][][] taught = [.. rooms.Select(room => recordings.Constant(room).ToArray())];
        float[][] normal = Noisy("normal");
        float[][] damaged = Noisy($"damage{fault}");
        double[] areas = new double[Seeds];
        double microseconds = 0;
        for (int seed = 0; seed < Seeds; seed++)
        {
            Onlad detector = new(options with { Seed = seed + 1 });
            foreach (float[][] spectra in taught)
            {
                long start = Stopwatch.GetTimestamp();
                foreach (float[] spectrum in spectra)
                    detector.Learn(spectrum);
                microseconds = Stopwatch.GetElapsedTime(start).TotalMicroseconds / spectra.Length;
            }
            areas[seed] = RocCurve.Area(Array.ConvertAll(normal, spectrum => detector.Score(spectrum)), Array.ConvertAll(damaged, spectrum => detector.Score(spectrum)));
        }
        double mean = areas.Average();
        double deviation = Math.Sqrt(areas.Sum(area => (area - mean) * (area - mean)) / (Seeds - 1));
        string preprocessing = options.Scale switch
        {
            InputScale.LogStandardize => "log spectra, running standardisation",
            InputScale.Standardize => "running standardisation",
            _ => "none (raw spectra)",
        };
        return new AnomalyRun(string.Join(", then ", rooms), preprocessing, options.Instances, mean, deviation, microseconds);

        float[][] Noisy(string fan) => [.. new[] { 1, 2 }.SelectMany(take => recordings.Changing(fan, "noisy", take))];
    }
}
