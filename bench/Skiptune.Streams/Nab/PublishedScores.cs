using System.Globalization;
using CsvHelper;

namespace Skiptune.Streams.Nab;

/// <summary>
/// What another detector got, series by series, under the standard profile with its best threshold for all series: from results/ of
/// github.com/numenta/NAB, where the sums over all series are those of the scoreboard.
/// </summary>
/// <param name="Name">The detector.</param>
/// <param name="BySeries">Score and windows of each series.</param>
internal sealed record PublishedScores(string Name, IReadOnlyDictionary<string, (double Score, int Windows)> BySeries)
{
    /// <summary>The series of NAB.</summary>
    public const int Files = 58;

    /// <summary>All of them.</summary>
    public static PublishedScores[] Read()
    {
        using Stream stream = typeof(PublishedScores).Assembly.GetManifestResourceStream("published.csv")!;
        using CsvReader csv = new(new StreamReader(stream), CultureInfo.InvariantCulture);
        csv.Read();
        csv.ReadHeader();
        string[] names = csv.HeaderRecord![2..];
        Dictionary<string, (double, int)>[] scores = [.. names.Select(_ => new Dictionary<string, (double, int)>(StringComparer.Ordinal))];
        while (csv.Read())
        {
            for (int i = 0; i < names.Length; i++)
                scores[i].Add(csv.GetField(0)!, (csv.GetField<double>(i + 2), csv.GetField<int>(1)));
        }
        return [.. names.Zip(scores, (name, series) => new PublishedScores(name, series))];
    }

    /// <summary>The normalised score over some series, or over all.</summary>
    public double Score(NabFile[]? files)
    {
        (double Score, int Windows)[] series = [.. files is null ? BySeries.Values : files.Select(file => BySeries[file.Name])];
        return NabScorer.Normalise(series.Sum(one => one.Score), series.Sum(one => one.Windows), NabProfile.All[0]);
    }
}
