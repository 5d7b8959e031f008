using FsCheck;
using FsCheck.Fluent;
using Skiptune.Data;
using Skiptune.Numerics;

namespace Skiptune.Tests.Data;

public sealed class IdxFileTests
{
    public static TheoryData<string, byte[], string> Hostile => new()
    {
        { "empty", [], "is empty" },
        { "one byte", [0], "not an IDX file" },
        { "text", "hello world"u8.ToArray(), "not an IDX file" },
        { "float elements", DataFiles.Idx(0x0D, 1, [1], 0, 0, 0, 0), "type code 0x0D" },
        { "no axis", DataFiles.Idx(8, 0, []), "has 0 axes" },
        { "five axes", DataFiles.Idx(8, 5, [1, 1, 1, 1, 1], 1), "has 5 axes" },
        { "255 axes", DataFiles.Idx(8, 255, [1], 1), "has 255 axes" },
        { "header cut", DataFiles.Idx(8, 3, [1, 1], 0, 0), "ends inside its header" },
        { "negative extent", DataFiles.Idx(8, 1, [-1], 0), "axis 0 has the extent 4294967295" },
        { "product over 2^31", DataFiles.Idx(8, 3, [60000, 50000, 2]), "promises more than" },
        { "product over 2^64", DataFiles.Idx(8, 4, [int.MaxValue, int.MaxValue, int.MaxValue, int.MaxValue]), "promises more than" },
        { "product that wraps to 0", DataFiles.Idx(8, 4, [1 << 16, 1 << 16, 1 << 16, 1 << 16]), "promises more than" },
        { "2 GB that are not there", DataFiles.Idx(8, 1, [int.MaxValue - 64], 1, 2, 3), "ends after 3 of" },
        { "no values", DataFiles.Idx(8, 2, [2, 2]), "ends after 0 of the 4" },
        { "truncated", DataFiles.Idx(8, 2, [2, 2], 1, 2, 3), "ends after 3 of the 4" },
        { "trailing byte", DataFiles.Idx(8, 2, [2, 2], 1, 2, 3, 4, 5), "goes on after the 4" },
        { "values of an empty array", DataFiles.Idx(8, 2, [0, 5], 1), "goes on after the 0" },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public void RefusesHostileFiles(string name, byte[] bytes, string words)
    {
        using TempFolder folder = new();
        string plain = folder.Write($"{name}.idx", bytes);
        string gzip = folder.Write($"{name}.idx.gz", DataFiles.Gzip(bytes));
        long before = GC.GetAllocatedBytesForCurrentThread();
        DataFiles.Refuses(() => IdxFile.Read(plain), plain, words);
        DataFiles.Refuses(() => IdxFile.Read(gzip), gzip, bytes.Length == 0 ? "" : words);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
    }

    [Fact]
    public void StopsInflatingABombAtTheFirstByteTooMany()
    {
        using TempFolder folder = new();
        byte[] bomb = new byte[64 << 20];
        DataFiles.Idx(8, 1, [10]).CopyTo(bomb, 0);
        string path = folder.Write("bomb.gz", DataFiles.Gzip(bomb));
        long before = GC.GetAllocatedBytesForCurrentThread();
        DataFiles.Refuses(() => IdxFile.Read(path), path, "goes on after the 10");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void RefusesAnHonestFileOverTheCallersLimit()
    {
        using TempFolder folder = new();
        string path = folder.Write("a", DataFiles.Idx(8, 1, [4], 1, 2, 3, 4));
        Assert.Equal(4, IdxFile.Read(path, 4).Values.Length);
        DataFiles.Refuses(() => IdxFile.Read(path, 3), path, "more than the 3 bytes");
    }

    [Fact]
    public void RefusesGzipCutAnywhere()
    {
        using TempFolder folder = new();
        byte[] whole = DataFiles.Gzip(DataFiles.Idx(8, 1, [40], [.. Enumerable.Range(0, 40).Select(i => (byte)(i * 7))]));
        for (int length = 0; length < whole.Length; length++)
        {
            string path = folder.Write("cut.gz", whole[..length]);
            DataFiles.Refuses(() => IdxFile.Read(path), path);
        }
    }

    [Fact]
    public void RefusesLargeGzipCutNearAnyBuffersEnd()
    {
        using TempFolder folder = new();
        byte[] values = new byte[40_000];
        new Random(5).NextBytes(values);
        byte[] whole = DataFiles.Gzip(DataFiles.Idx(8, 1, [values.Length], values));
        foreach (int end in (int[])[4096, 8192, 16384, 32768, whole.Length - 8])
        {
            for (int length = end - 9; length < end + 8; length++)
            {
                string path = folder.Write("cut.gz", whole[..length]);
                DataFiles.Refuses(() => IdxFile.Read(path), path);
            }
        }
    }

    [Fact]
    public void RefusesGzipFollowedByAnything()
    {
        using TempFolder folder = new();
        byte[] whole = DataFiles.Gzip(DataFiles.Idx(8, 1, [2], 1, 2));
        byte[] emptyMember = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        foreach (byte[] tail in (byte[][])[[0], [0, 0, 0, 0], "tail"u8.ToArray(), emptyMember, DataFiles.Gzip([3])])
            DataFiles.Refuses(() => IdxFile.Read(folder.Write("tail.gz", [.. whole, .. tail])), "tail.gz");
    }

    [Fact]
    public void NeverYieldsOtherValuesFromDamagedGzip()
    {
        using TempFolder folder = new();
        byte[] values = [.. Enumerable.Range(0, 40).Select(i => (byte)(i * 7))];
        byte[] whole = DataFiles.Gzip(DataFiles.Idx(8, 1, [40], values));
        int refused = 0;
        for (int bit = 0; bit < whole.Length * 8; bit++)
        {
            byte[] damaged = [.. whole];
            damaged[bit / 8] ^= (byte)(1 << bit % 8);
            string path = folder.Write("damaged.gz", damaged);
            try
            {
                // Some bits carry nothing, such as the time in the gzip header.
                Assert.Equal(values, IdxFile.Read(path).Values.ToArray());
            }
            catch (SkiptuneException)
            {
                refused++;
            }
        }
        Assert.InRange(refused, whole.Length * 8 / 2, whole.Length * 8);
    }

    [Fact]
    public void RefusesWhatIsNoFile()
    {
        using TempFolder folder = new();
        DataFiles.Refuses(() => IdxFile.Read(folder.File("none")), folder.File("none"), "no such file");
        DataFiles.Refuses(() => IdxFile.Read(folder.File("none/none")), "no such file");
        DataFiles.Refuses(() => IdxFile.Read(folder.Path), folder.Path, "is a directory");
        if (OperatingSystem.IsLinux())
            DataFiles.Refuses(() => IdxFile.Read("/dev/zero"), "/dev/zero");
    }

    [Fact]
    public void AnyBytesAreReadOrRefusedInOneLine()
    {
        using TempFolder folder = new();
        Prop.ForAll(
            ArbMap.Default.ArbFor<byte[]>(),
            ArbMap.Default.ArbFor<bool>(),
            (tail, gzip) =>
            {
                byte[] bytes = [0, 0, 8, 1, 0, 0, 0, .. tail];
                string path = folder.Write("any", gzip ? DataFiles.Gzip(bytes) : bytes);
                bool good = tail.Length > 0 && tail[0] == tail.Length - 1;
                if (good)
                    Assert.Equal(tail[1..], IdxFile.Read(path).Values.ToArray());
                else
                    DataFiles.Refuses(() => IdxFile.Read(path), path);
            }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void RoundTrips(bool compress)
    {
        using TempFolder folder = new();
        SeededRandom random = new(1);
        for (int rank = 1; rank <= 4; rank++)
        {
            for (int trial = 0; trial < 20; trial++)
            {
                int[] extents = [.. Enumerable.Range(0, rank).Select(_ => random.NextInt32(12))];
                Shape shape = new(extents);
                byte[] values = [.. Enumerable.Range(0, shape.Count).Select(_ => (byte)random.NextInt32(256))];
                string path = folder.File("file");
                new IdxFile(shape, values).Write(path, compress);
                IdxFile read = IdxFile.Read(path);
                Assert.Equal(shape, read.Shape);
                Assert.Equal(values, read.Values.ToArray());
                byte[] first = File.ReadAllBytes(path);
                Assert.Equal(compress, first is [0x1F, 0x8B, ..]);
                read.Write(path, compress);
                Assert.Equal(first, File.ReadAllBytes(path));
            }
        }
        Assert.Equal(["file"], folder.Names());
    }

    [Fact]
    public void ReadsArraysLargerThanItsBuffers()
    {
        using TempFolder folder = new();
        byte[] values = new byte[3_000_001];
        values[^1] = 9;
        new IdxFile(new Shape(values.Length), values).Write(folder.File("zeros.gz"), compress: true);
        Assert.Equal(values, IdxFile.Read(folder.File("zeros.gz")).Values.ToArray());
    }

    [Fact]
    public void WritesTheDocumentedBytes()
    {
        using TempFolder folder = new();
        new IdxFile(new Shape(2, 1, 3), new byte[] { 1, 2, 3, 4, 5, 255 }).Write(folder.File("a"), compress: false);
        Assert.Equal([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3, 1, 2, 3, 4, 5, 255], File.ReadAllBytes(folder.File("a")));
    }

    [Fact]
    public void AFailedWriteIsOneLineAndLeavesNothing()
    {
        using TempFolder folder = new();
        IdxFile file = new(new Shape(1), new byte[1]);
        DataFiles.Refuses(() => file.Write(folder.File("none/a"), compress: false), folder.File("none/a"), "cannot be written");
        Directory.CreateDirectory(folder.File("taken"));
        DataFiles.Refuses(() => file.Write(folder.File("taken"), compress: true), folder.File("taken"), "cannot be written");
        Assert.Empty(folder.Names());
    }
}
