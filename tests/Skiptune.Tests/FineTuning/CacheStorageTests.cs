using Skiptune.FineTuning;
using Skiptune.Numerics;
using Skiptune.Tests.Data;

namespace Skiptune.Tests.FineTuning;

public sealed class CacheStorageTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_run_with_its_cache_in_a_file_gives_the_same_bytes_in_every_format_and_leaves_no_file()
    {
        foreach (CacheFormat format in CacheFormat.All.Skip(1))
        {
            foreach (CacheFill fill in Enum.GetValues<CacheFill>())
            {
                FineTuneOptions options = new() { Cache = format, Fill = fill, Epochs = 3, BatchSize = 7 };
                FineTuneResult memory = SmallRuns.Fit(options);
                FineTuneResult file = SmallRuns.Fit(options with { CachePath = _folder.File("rows") });
                Assert.Equal(memory.CacheBytes, file.CacheBytes);
                Assert.Equal(memory.Losses, file.Losses);
                foreach ((string name, Tensor tensor) in memory.Adapter.Tensors)
                    Assert.Equal(tensor.Span.ToArray(), file.Adapter.Tensors[name].Span.ToArray());
            }
        }
        Assert.Empty(_folder.Names());
    }

    [Theory]
    [InlineData(1, 1, 100)]
    [InlineData(7, 13, 26)] // two rows a chunk, one in the last
    [InlineData(6, 13, 26)]
    [InlineData(5, 40, 39)] // a row larger than a chunk
    public void Rows_come_back_as_they_were_written(int rows, int rowBytes, int chunkBytes)
    {
        using MemoryRows memory = new(rows, rowBytes, chunkBytes);
        using FileRows file = new(rows, rowBytes, _folder.File("rows"));
        foreach (RowStore store in (RowStore[])[memory, file])
        {
            Assert.Equal(rows * rowBytes, store.Bytes);
            // From the last on, so that the file has holes until the end.
            for (int row = rows - 1; row >= 0; row--)
                store.Write(row, Content(row, rowBytes));
            for (int row = 0; row < rows; row++)
                Assert.Equal(Content(row, rowBytes), Read(store, row).ToArray());
        }
    }

    [Fact]
    public void Rows_beyond_four_gigabytes_are_reached()
    {
        // A sparse file: a few pages of it take room.
        const int RowBytes = 1 << 20;
        const int Rows = 5000;
        if (new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(_folder.Path)! : _folder.Path).AvailableFreeSpace < (long)Rows * RowBytes)
            Assert.Skip("needs 5 GB of free disk, of which it uses little");
        using FileRows file = new(Rows, RowBytes, _folder.File("rows"));
        foreach (int row in (int[])[0, 2047, 2048, 4096, Rows - 1])
            file.Write(row, Content(row, RowBytes));
        foreach (int row in (int[])[0, 2047, 2048, 4096, Rows - 1])
            Assert.True(Read(file, row).SequenceEqual(Content(row, RowBytes)), $"row {row}");
    }

    [Fact]
    public void Reading_and_writing_rows_allocates_nothing()
    {
        using FileRows file = new(8, 64, _folder.File("rows"));
        byte[] row = Content(1, 64);
        file.Write(1, row);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            file.Write(i % 8, row);
            _ = Read(file, i % 8);
        }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void A_cache_over_the_limit_is_refused_before_the_run_with_advice()
    {
        FineTuneOptions options = new() { Cache = CacheFormat.Float32, Epochs = 2 };
        using FineTuner tuner = new(SmallNetworks.Branched(), "base", options);
        long bytes = 60L * tuner.Plan.CacheBytesPerSample;
        SkiptuneException error = Assert.Throws<SkiptuneException>(() => SmallRuns.Fit(options with { CacheLimit = bytes - 1 }));
        Assert.Contains("--cache-path", error.Message, StringComparison.Ordinal);
        Assert.Contains("smaller format", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        Assert.Equal(bytes, SmallRuns.Fit(options with { CacheLimit = bytes }).CacheBytes);
        Assert.Equal(bytes, SmallRuns.Fit(options with { CacheLimit = 1, CachePath = _folder.File("rows") }).CacheBytes);
        Assert.InRange(CacheMemory.DefaultLimit, 1 << 20, long.MaxValue);
    }

    [Fact]
    public void A_file_that_cannot_be_made_is_refused_in_one_line()
    {
        foreach (string path in (string[])[_folder.File("missing/rows"), _folder.Path, _folder.File(new string('n', 300))])
        {
            SkiptuneException error = Assert.Throws<SkiptuneException>(() => SmallRuns.Fit(new FineTuneOptions { CachePath = path }));
            Failures.AssertOneLine(path, error);
        }
        // More than any disk has: 2 EB.
        string full = _folder.File("rows");
        Assert.Contains("free", Failures.Message(full, () => new FileRows(int.MaxValue, 1 << 30, full).Dispose()), StringComparison.Ordinal);
        Assert.Throws<SkiptuneException>(() => new FineTuneOptions { CachePath = "" }.Check());
        Assert.Throws<SkiptuneException>(() => new FineTuneOptions { CacheLimit = 0 }.Check());
        Assert.Empty(_folder.Names());
    }

    [Theory]
    [InlineData(0, "0 bytes")]
    [InlineData(1023, "1023 bytes")]
    [InlineData(1536, "1.5 KiB")]
    [InlineData(5L << 30, "5 GiB")]
    [InlineData(long.MaxValue, "8 EiB")]
    public void Sizes_are_written_for_people(long bytes, string text) => Assert.Equal(text, ByteSize.Text(bytes));

    private static unsafe ReadOnlySpan<byte> Read(RowStore store, int row) => new((void*)store.AddressOf(row), store.RowBytes);

    private static byte[] Content(int row, int bytes)
    {
        byte[] content = new byte[bytes];
        SeededRandom random = new(row);
        foreach (ref byte value in content.AsSpan())
            value = (byte)random.NextUInt64();
        return content;
    }
}
