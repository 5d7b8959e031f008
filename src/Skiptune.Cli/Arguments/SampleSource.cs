using Skiptune.Data;

namespace Skiptune.Cli.Arguments;

/// <summary>Which part of the data a command reads.</summary>
internal enum Part
{
    /// <summary>What models learn from.</summary>
    Train,

    /// <summary>What is looked at while they learn.</summary>
    Valid,

    /// <summary>What is looked at last.</summary>
    Test,
}

/// <summary>Where samples come from and what is done to them.</summary>
/// <param name="Path">The data; null for Fashion-MNIST wherever it is, downloaded if need be.</param>
/// <param name="Degrees">By how much images are turned.</param>
internal sealed record SampleSource(string? Path, double Degrees) : IDisposable
{
    private DataSplits? _splits;

    /// <summary>How to open what <see cref="Path"/> names.</summary>
    public DataSourceOptions Options { get; init; } = new();

    /// <summary>The embedded sample, turned as in the demo unless an angle is given; or the data, as they are.</summary>
    public static SampleSource PathOrSample(string? path, double? degrees) =>
        new(path ?? Assets.Sample, degrees ?? (path is null ? Assets.Degrees : 0));

    /// <summary>Loads a part.</summary>
    /// <param name="part">Which part.</param>
    /// <param name="samples">How many samples, or null for all.</param>
    /// <param name="atMost">How many at most where <paramref name="samples"/> is null.</param>
    /// <param name="cancellationToken">Ends a download.</param>
    /// <exception cref="SkiptuneException">The data lack the part, or cannot be read.</exception>
    public DataSet Load(Part part, int? samples, int atMost, CancellationToken cancellationToken) =>
        TryLoad(part, samples, atMost, cancellationToken) ?? throw new SkiptuneException($"{Path}: has no {Choice.NameOf(part)} samples; make a folder or file named {Choice.NameOf(part)} there");

    /// <summary>Loads a part, or gives null if the data lack it.</summary>
    public DataSet? TryLoad(Part part, int? samples, int atMost, CancellationToken cancellationToken)
    {
        DataSet? set = Path is null ? FashionMnistPart(part, cancellationToken) : Open(part);
        if (set is null)
            return null;
        int count = samples ?? Math.Min(atMost, set.Count);
        if (count != set.Count)
            set = set.Take(count);
        return Degrees == 0 ? set : Rotation.Rotate(set, Degrees);
    }

    /// <summary>Throws unless a number of samples is possible.</summary>
    /// <exception cref="UsageException">It is below 1.</exception>
    public static int? CheckSamples(string option, int? samples) =>
        samples is null or >= 1 ? samples : throw new UsageException($"{option} must be 1 or more, not {samples}");

    public void Dispose() => _splits?.Dispose();

    public override string ToString()
    {
        string name = Path is null ? "Fashion-MNIST" : Path == Assets.Sample ? "the embedded Fashion-MNIST sample" : Path;
        return Degrees == 0 ? name : $"{name} rotated by {Degrees} degrees";
    }

    private static DataSet? FashionMnistPart(Part part, CancellationToken cancellationToken) => part == Part.Valid
        ? null
        : FashionMnist.LoadAsync(part == Part.Train ? FashionMnistSplit.Train : FashionMnistSplit.Test, null, cancellationToken).GetAwaiter().GetResult();

    private DataSet? Open(Part part)
    {
        _splits ??= DataSource.Open(Path!, Options);
        return part switch
        {
            Part.Train => _splits.Train,
            Part.Valid => _splits.Valid,
            _ => _splits.Test,
        };
    }
}
