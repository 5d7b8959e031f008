using Skiptune.Data;

namespace Skiptune.Cli.Arguments;

/// <summary>Where samples come from and what is done to them.</summary>
/// <param name="Directory">The folder; null for Fashion-MNIST wherever it is, downloaded if need be.</param>
/// <param name="Degrees">By how much images are turned.</param>
internal sealed record DataArguments(string? Directory, double Degrees)
{
    /// <summary>The embedded sample, turned as in the demo unless an angle is given; or the folder, as it is.</summary>
    public static DataArguments FolderOrSample(string? directory, double? degrees) =>
        new(directory ?? Assets.Sample, degrees ?? (directory is null ? Assets.Degrees : 0));

    /// <summary>Loads a part.</summary>
    /// <param name="split">Which part.</param>
    /// <param name="samples">How many samples, or null for all.</param>
    /// <param name="atMost">How many at most where <paramref name="samples"/> is null.</param>
    /// <param name="cancellationToken">Ends a download.</param>
    public DataSet Load(FashionMnistSplit split, int? samples, int atMost, CancellationToken cancellationToken)
    {
        FashionMnistOptions options = new() { Directory = Directory };
        DataSet set = FashionMnist.LoadAsync(split, options, cancellationToken).GetAwaiter().GetResult();
        int count = samples ?? Math.Min(atMost, set.Count);
        if (count != set.Count)
            set = set.Take(count);
        return Degrees == 0 ? set : Rotation.Rotate(set, Degrees);
    }

    /// <summary>Throws unless a number of samples is possible.</summary>
    /// <exception cref="UsageException">It is below 1.</exception>
    public static int? CheckSamples(string option, int? samples) =>
        samples is null or >= 1 ? samples : throw new UsageException($"{option} must be 1 or more, not {samples}");

    public override string ToString()
    {
        string name = Directory is null ? "Fashion-MNIST" : Directory == Assets.Sample ? "the embedded Fashion-MNIST sample" : Directory;
        return Degrees == 0 ? name : $"{name} rotated by {Degrees} degrees";
    }
}
