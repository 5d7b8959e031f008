using System.Collections.Immutable;
using Skiptune.Numerics;

namespace Skiptune.Data;

/// <summary>
/// Fashion-MNIST: grey images of 1x28x28 of clothes in 10 classes (Zalando Research, MIT licence). It is looked for
/// in the folder that is given, else in Debian's package dataset-fashion-mnist, else in the cache.
/// </summary>
public static class FashionMnist
{
    // The training images' bytes; no honest file is larger.
    private const int MaxBytes = 60_000 * 28 * 28;

    /// <summary>The names of the classes 0 .. 9.</summary>
    public static ImmutableArray<string> ClassNames { get; } =
        ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"];

    /// <summary>Loads what is on this machine; uses no network.</summary>
    /// <param name="split">Which part.</param>
    /// <param name="options">Where to look; default: see <see cref="FashionMnistOptions"/>.</param>
    /// <returns>Images of 1x28x28 with values 0 .. 1, in the order of the files.</returns>
    /// <exception cref="SkiptuneException">It is not there, or a file is damaged or is something else.</exception>
    public static DataSet Load(FashionMnistSplit split, FashionMnistOptions? options = null)
    {
        options ??= new FashionMnistOptions();
        return Find(split, options) ?? throw new SkiptuneException(NotFound(split, options));
    }

    /// <summary>
    /// Loads what is on this machine, else downloads the two files of the part into the cache, where they appear
    /// only when their content has the pinned SHA-256.
    /// </summary>
    /// <param name="split">Which part.</param>
    /// <param name="options">Where to look and to download from; default: see <see cref="FashionMnistOptions"/>.</param>
    /// <param name="cancellationToken">Ends a download; nothing of the unfinished file is left behind.</param>
    /// <returns>Images of 1x28x28 with values 0 .. 1, in the order of the files.</returns>
    /// <exception cref="SkiptuneException">
    /// It is not there and cannot be downloaded, or a file is damaged or is something else.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task<DataSet> LoadAsync(
        FashionMnistSplit split, FashionMnistOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new FashionMnistOptions();
        if (Find(split, options) is { } found)
            return found;
        if (options.Directory is not null)
            throw new SkiptuneException(NotFound(split, options));
        foreach (FashionMnistFile file in (FashionMnistFile[])[FashionMnistFile.Images(split), FashionMnistFile.Labels(split)])
        {
            if (file.FindIn(options.CacheDirectory) is not null)
                continue;
            try
            {
                await Download.ToCacheAsync(file, options, cancellationToken).ConfigureAwait(false);
            }
            catch (SkiptuneException exception)
            {
                throw new SkiptuneException($"{NotFound(split, options)}; the download failed: {exception.Message}", exception);
            }
        }
        return Load(split, options);
    }

    private static string[] Places(FashionMnistOptions options) =>
        options.Directory is { } directory ? [directory] : [options.PackageDirectory, options.CacheDirectory];

    private static ByteImageDataSet? Find(FashionMnistSplit split, FashionMnistOptions options)
    {
        foreach (string place in Places(options))
        {
            if (FashionMnistFile.Images(split).FindIn(place) is { } images && FashionMnistFile.Labels(split).FindIn(place) is { } labels)
                return Read(images, labels);
        }
        return null;
    }

    private static ByteImageDataSet Read(string images, string labels)
    {
        ByteImageDataSet set = ByteImageDataSet.FromIdx(images, labels, ClassNames.Length, MaxBytes);
        if (set.SampleShape != new Shape(1, 28, 28))
            throw new SkiptuneException($"{images}: has images of {set.SampleShape}, but Fashion-MNIST has 1x28x28; give another folder");
        return set;
    }

    private static string NotFound(FashionMnistSplit split, FashionMnistOptions options) =>
        $"Fashion-MNIST: {FashionMnistFile.Images(split).Name} and {FashionMnistFile.Labels(split).Name} (or with .gz) are not both in {string.Join(" or in ", Places(options))}; "
        + "install the Debian package dataset-fashion-mnist or name the folder that has them";
}
