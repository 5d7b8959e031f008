using Skiptune.Streams.Nab;

namespace Skiptune.Streaming.Tests.Anomaly;

/// <summary>The benchmark's own rules, against what it has published.</summary>
public sealed class NabScorerTests
{
    // 4,032 rows with a window of 403 rows, as ec2_cpu_utilization_ac20cd has.
    private static readonly NabFile s_file = new("one", new float[4032], [(3000, 3402)]);
    private static readonly NabProfile s_standard = NabProfile.All[0];

    [Fact]
    public void The_scale_is_from_no_alarm_to_all_at_once()
    {
        Assert.Equal(0, Best([]), 1e-12);
        Assert.Equal(100, Best([3000]), 1e-9);
    }

    [Fact]
    public void An_alarm_in_the_middle_is_worth_what_NAB_published()
    {
        // CAD OSE, one alarm in the window and none outside: 0.86067182427, which is 202 of 403 rows before the end.
        Assert.Equal(50 * (1 + 0.86067182427), Best([3402 - 202 + 1]), 1e-8);
        // A second alarm in the window is worth nothing; KNN CAD, two false ones before it: 0.6406718242697022.
        Assert.Equal(50 * (1 + 0.6406718242697022), Best([1000, 2000, 3201, 3300]), 1e-8);
        // A false alarm a window's length behind it costs 0.98661 of one before it.
        Assert.Equal(50 * (1 + 0.86067182427 - (0.11 * 0.98661)), Best([3201, 3402 + 402]), 1e-4);
    }

    [Fact]
    public void Alarms_on_probation_count_for_nothing()
    {
        Assert.Equal(604, s_file.Probation);
        Assert.Equal(750, new NabFile("long", new float[22695], []).Probation);
        Assert.Equal(100, Best([0, 300, 603, 3000]), 1e-9);
        Assert.Equal(100 - (50 * 0.11), Best([604, 3000]), 1e-9);
    }

    [Fact]
    public void The_threshold_is_the_best_for_all_series_at_once()
    {
        NabFile quiet = new("two", new float[4032], []);
        double[] first = Scores([3000]);
        double[] second = new double[4032];
        second[2000] = 0.7;
        first[3000] = 0.6;
        (double score, double threshold) = NabScorer.Best([s_file, quiet], [first, second], s_standard);
        Assert.Equal(100 - (50 * 0.11), score, 1e-9); // the false alarm is the price of the right one
        Assert.Equal(0.6, threshold);
        second[2000] = 0.5;
        Assert.Equal(100, NabScorer.Best([s_file, quiet], [first, second], s_standard).Score, 1e-9);
    }

    [Fact]
    public void Published_sums_are_those_of_the_scoreboard()
    {
        (string, double)[] scoreboard = [("CAD OSE", 69.9), ("KNN CAD", 58.0), ("Relative Entropy", 54.6), ("Twitter ADVec", 47.1), ("ARTime", 74.9)];
        PublishedScores[] published = PublishedScores.Read();
        Assert.Equal(scoreboard, published.Select(other => (other.Name, Math.Round(other.Score(null), 1))));
        Assert.All(published, other => Assert.Equal((58, 116), (other.BySeries.Count, other.BySeries.Values.Sum(series => series.Windows))));
    }

    [Fact]
    public void Series_have_the_windows_NAB_counts()
    {
        NabFile[] files = NabFile.ReadAll(AssetFiles.Path("nab"));
        PublishedScores published = PublishedScores.Read()[0];
        Assert.All(files, file => Assert.Equal(published.BySeries[file.Name].Windows, file.Windows.Length));
        Assert.All(files.SelectMany(file => file.Windows.Select(window => (file, window))), pair => Assert.InRange(pair.window.First, pair.file.Probation, pair.window.Last));
        // Rows that count, as in results/null: 3,026 outside windows and 402 inside.
        NabFile one = files.Single(file => file.Name == "realAWSCloudwatch/ec2_cpu_utilization_24ae8d.csv");
        Assert.Equal((402, 3428), (one.Windows.Sum(window => window.Last - window.First + 1), one.Values.Length - one.Probation));
    }

    private static double Best(int[] alarms) => NabScorer.Best([s_file], [Scores(alarms)], s_standard).Score;

    private static double[] Scores(int[] alarms)
    {
        double[] scores = new double[4032];
        // All alarms of one strength, and the rest below any threshold that pays.
        foreach (int alarm in alarms)
            scores[alarm] = 1;
        return scores;
    }
}
