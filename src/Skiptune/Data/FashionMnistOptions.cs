namespace Skiptune.Data;

/// <summary>Where Fashion-MNIST comes from.</summary>
public sealed record FashionMnistOptions
{
    /// <summary>
    /// The folder that holds the files, plain or .gz, the whole data set or a sample in the same layout. If it is
    /// given, no other place is looked at. Default: none.
    /// </summary>
    public string? Directory { get; init; }

    /// <summary>
    /// The folder that keeps what is downloaded. Default: skiptune/fashion-mnist in $XDG_CACHE_HOME, or in ~/.cache;
    /// on Windows in the local application data.
    /// </summary>
    public string CacheDirectory { get; init; } = DefaultCacheDirectory();

    /// <summary>
    /// The folder on the network that holds the four .gz files. Default: the data folder of the upstream
    /// repository, github.com/zalandoresearch/fashion-mnist. Upstream's older location,
    /// http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/, works too but speaks no TLS; what arrives is
    /// compared with pinned SHA-256 sums either way.
    /// </summary>
    public Uri BaseAddress { get; init; } = new("https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/");

    /// <summary>
    /// Opens an address for reading, given the whole address; the stream is disposed by the caller. Default: an
    /// ordinary GET request.
    /// </summary>
    public Func<string, CancellationToken, Task<Stream>> Fetch { get; init; } = Download.GetAsync;

    /// <summary>Where Debian's package dataset-fashion-mnist puts the files.</summary>
    internal string PackageDirectory { get; init; } = "/usr/share/datasets/fashion-mnist";

    private static string DefaultCacheDirectory()
    {
        string? root = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        // The XDG specification says to ignore a relative path.
        if (!Path.IsPathFullyQualified(root ?? ""))
        {
            root = OperatingSystem.IsWindows()
                ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        }
        return Path.Combine(root!, "skiptune", "fashion-mnist");
    }
}
