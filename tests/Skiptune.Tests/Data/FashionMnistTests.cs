using System.Security.Cryptography;
using Skiptune.Data;
using Skiptune.Numerics;

namespace Skiptune.Tests.Data;

public sealed class FashionMnistTests : IDisposable
{
    private readonly TempFolder _given = new();
    private readonly TempFolder _package = new();
    private readonly TempFolder _cache = new();

    public void Dispose()
    {
        _given.Dispose();
        _package.Dispose();
        _cache.Dispose();
    }

    private FashionMnistOptions Options(Func<string, CancellationToken, Task<Stream>>? fetch = null) => new()
    {
        PackageDirectory = _package.Path,
        CacheDirectory = _cache.Path,
        Fetch = fetch ?? ((address, _) => throw new HttpRequestException("no network")),
    };

    private static void Put(TempFolder folder, byte label, bool gzip = true, int side = 28)
    {
        byte[] images = DataFiles.Idx(8, 3, [1, side, side], new byte[side * side]);
        byte[] labels = DataFiles.Idx(8, 1, [1], label);
        folder.Write("t10k-images-idx3-ubyte" + (gzip ? ".gz" : ""), gzip ? DataFiles.Gzip(images) : images);
        folder.Write("t10k-labels-idx1-ubyte" + (gzip ? ".gz" : ""), gzip ? DataFiles.Gzip(labels) : labels);
    }

    [Fact]
    public void LooksInTheGivenFolderThenThePackageThenTheCache()
    {
        Put(_given, 1, gzip: false);
        Put(_cache, 3);
        Assert.Equal(3, FashionMnist.Load(FashionMnistSplit.Test, Options()).Labels[0]);
        Put(_package, 2);
        Assert.Equal(2, FashionMnist.Load(FashionMnistSplit.Test, Options()).Labels[0]);
        Assert.Equal(1, FashionMnist.Load(FashionMnistSplit.Test, Options() with { Directory = _given.Path }).Labels[0]);
    }

    [Fact]
    public void AFolderWithHalfThePairIsNotUsed()
    {
        Put(_package, 2);
        Put(_cache, 3);
        File.Delete(_package.File("t10k-labels-idx1-ubyte.gz"));
        Assert.Equal(3, FashionMnist.Load(FashionMnistSplit.Test, Options()).Labels[0]);
    }

    [Fact]
    public async Task AGivenFolderIsTheOnlyPlace()
    {
        Put(_cache, 3);
        FashionMnistOptions options = Options((_, _) => throw new InvalidOperationException("must not download")) with { Directory = _given.Path };
        DataFiles.Refuses(() => FashionMnist.Load(FashionMnistSplit.Test, options), _given.Path);
        await DataFiles.RefusesAsync(() => FashionMnist.LoadAsync(FashionMnistSplit.Test, options), _given.Path);
    }

    [Fact]
    public async Task WithoutANetworkTheErrorNamesThePlacesAndThePackage()
    {
        DataFiles.Refuses(() => FashionMnist.Load(FashionMnistSplit.Train, Options()), _package.Path, _cache.Path, "dataset-fashion-mnist");
        await DataFiles.RefusesAsync(
            () => FashionMnist.LoadAsync(FashionMnistSplit.Train, Options()),
            _package.Path, _cache.Path, "dataset-fashion-mnist", "https://", "no network");
        Assert.Empty(_cache.Names());
    }

    [Fact]
    public void RefusesImagesOfAnotherSize()
    {
        Put(_given, 1, side: 32);
        DataFiles.Refuses(() => FashionMnist.Load(FashionMnistSplit.Test, Options() with { Directory = _given.Path }), _given.Path, "1x32x32");
    }

    [Fact]
    public async Task DownloadsWhatHasThePinnedContent()
    {
        DataFiles.RequirePackage();
        List<string> asked = [];
        FashionMnistOptions options = Options((address, _) =>
        {
            asked.Add(address);
            return Task.FromResult<Stream>(File.OpenRead(Path.Combine(DataFiles.Package, Path.GetFileName(address))));
        }) with
        { BaseAddress = new Uri("https://example.test/fashion") };
        DataSet set = await FashionMnist.LoadAsync(FashionMnistSplit.Test, options);
        Assert.Equal(10_000, set.Count);
        Assert.Equal(["https://example.test/fashion/t10k-images-idx3-ubyte.gz", "https://example.test/fashion/t10k-labels-idx1-ubyte.gz"], asked);
        Assert.Equal(["t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"], _cache.Names());
        await FashionMnist.LoadAsync(FashionMnistSplit.Test, options);
        Assert.Equal(2, asked.Count);
    }

    [Theory]
    [InlineData(FashionMnistSplit.Train)]
    [InlineData(FashionMnistSplit.Test)]
    public void ThePinnedSumsAreThePackages(FashionMnistSplit split)
    {
        DataFiles.RequirePackage();
        foreach (FashionMnistFile file in (FashionMnistFile[])[FashionMnistFile.Images(split), FashionMnistFile.Labels(split)])
        {
            using InflatedFile stored = InflatedFile.Open(file.FindIn(DataFiles.Package)!);
            using MemoryStream content = new();
            stored.Content.CopyTo(content);
            Assert.Equal(file.InflatedBytes, content.Length);
            Assert.Equal(file.Sha256, Convert.ToHexStringLower(SHA256.HashData(content.ToArray())));
        }
    }

    private static readonly byte[] s_content = DataFiles.Idx(8, 1, [3], 4, 5, 6);

    private static readonly FashionMnistFile s_file = new("some-file", s_content.Length, Convert.ToHexStringLower(SHA256.HashData(s_content)));

    private Task Fetch(byte[] bytes) =>
        Download.ToCacheAsync(s_file, Options((_, _) => Task.FromResult<Stream>(new MemoryStream(bytes))), CancellationToken.None);

    [Fact]
    public async Task KeepsGoodBytesHoweverTheyAreCompressed()
    {
        await Fetch(DataFiles.Gzip(s_content));
        Assert.Equal(["some-file.gz"], _cache.Names());
        // A proxy may have inflated them on the way; readers go by the content.
        await Fetch(s_content);
        Assert.Equal(new Shape(3), IdxFile.Read(_cache.File("some-file.gz")).Shape);
    }

    public static TheoryData<string, byte[]> WrongBytes => new()
    {
        { "nothing", [] },
        { "a page", "<html>"u8.ToArray() },
        { "a gzip of something else", DataFiles.Gzip([1, 2, 3]) },
        { "more than the content", DataFiles.Gzip([.. s_content, 0]) },
        { "less than the content", DataFiles.Gzip(s_content[..^1]) },
        { "a gzip without its last byte", DataFiles.Gzip(s_content)[..^1] },
        { "a gzip and more", [.. DataFiles.Gzip(s_content), 1] },
        { "a damaged gzip", [.. DataFiles.Gzip(s_content)[..12], 0xFF, 0xFF, 0xFF] },
        { "an endless file", new byte[1 << 20] },
    };

    [Theory]
    [MemberData(nameof(WrongBytes))]
    public async Task DiscardsWrongBytes(string name, byte[] bytes)
    {
        await DataFiles.RefusesAsync(() => Fetch(bytes), "some-file.gz", "base address");
        Assert.True(_cache.Names().Length == 0, name);
    }

    [Fact]
    public async Task WrongBytesDoNotReachTheCaller()
    {
        FashionMnistOptions options = Options((_, _) => Task.FromResult<Stream>(new MemoryStream([1, 2, 3])));
        await DataFiles.RefusesAsync(() => FashionMnist.LoadAsync(FashionMnistSplit.Test, options), "SHA-256 differs", "dataset-fashion-mnist");
        Assert.Empty(_cache.Names());
    }

    [Theory]
    [InlineData("folder/", "folder/")]
    [InlineData("gopher://localhost/", "gopher://localhost/t10k")]
    public async Task RefusesAddressesItCannotFetch(string address, string words)
    {
        FashionMnistOptions options = Options(new FashionMnistOptions().Fetch) with { BaseAddress = new Uri(address, UriKind.RelativeOrAbsolute) };
        await DataFiles.RefusesAsync(() => FashionMnist.LoadAsync(FashionMnistSplit.Test, options), words);
        Assert.Empty(_cache.Names());
    }

    [Fact]
    public async Task AStreamThatFailsLeavesNothing()
    {
        FashionMnistOptions options = Options((_, _) => Task.FromResult<Stream>(new FailingStream(new IOException("the line broke"))));
        await DataFiles.RefusesAsync(() => FashionMnist.LoadAsync(FashionMnistSplit.Test, options), "the line broke");
        Assert.Empty(_cache.Names());
    }

    [Fact]
    public async Task CancellingLeavesNothingAndIsNotAnError()
    {
        using CancellationTokenSource source = new();
        FashionMnistOptions options = Options((_, token) =>
        {
            source.Cancel();
            return Task.FromResult<Stream>(new FailingStream(new OperationCanceledException(token)));
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => FashionMnist.LoadAsync(FashionMnistSplit.Test, options, source.Token));
        Assert.Empty(_cache.Names());
    }

    [Fact]
    public void NamesTenClasses() => Assert.Equal(10, FashionMnist.ClassNames.Length);

    /// <summary>Gives some bytes and then fails.</summary>
    private sealed class FailingStream(Exception failure) : MemoryStream(new byte[100])
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Position < Length ? base.ReadAsync(buffer, CancellationToken.None) : throw failure;
    }
}
