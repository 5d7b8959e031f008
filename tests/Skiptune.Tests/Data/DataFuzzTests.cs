using System.IO.Compression;
using System.Text;
using Skiptune.Data;

namespace Skiptune.Tests.Data;

/// <summary>Damaged files load or are refused in one line, and take no more memory than stated.</summary>
public sealed class DataFuzzTests
{
    private const int Mutations = 350;

    // Buffers of streams, the CSV parser and pools, whatever the file's size.
    private const int Constant = 256 * 1024;

    // A cell of one digit becomes a string, a number and an entry of a table.
    private const int Multiple = 64;

    // Deflate inflates at most 1032 times.
    private const int InflatedMultiple = 1100;

    private static readonly byte[] s_npy = ArrayFiles.Npy("<f4", [6, 4], [.. Enumerable.Range(0, 24).Select(i => (float)i)]);
    private static readonly byte[] s_labels = ArrayFiles.Npy("<i8", [6], new long[] { 0, 1, 2, 0, 1, 2 });

    [Theory]
    [InlineData("f.npy")]
    [InlineData("f.npz")]
    [InlineData("stored.npz")]
    [InlineData("f.csv")]
    [InlineData("f.bin")]
    [InlineData("f.bin.gz")]
    [InlineData("f.png")]
    [InlineData("palette.png")]
    [InlineData("f.ppm")]
    [InlineData("f.wav")]
    public void Damaged_files_load_or_are_refused(string name)
    {
        using TempFolder folder = new();
        byte[] whole = Whole(name);
        Assert.Null(Load(folder.Write(name, whole)));
        Mutator mutator = new(name.Length + 100 * name[^1]);
        int multiple = Path.GetExtension(name) is ".png" or ".npz" or ".gz" ? InflatedMultiple : Multiple;
        int refused = 0;
        for (int i = 0; i < Mutations; i++)
        {
            byte[] bytes = Damage(name, whole, mutator, behindChecksum: i % 2 == 0);
            string path = folder.Write(name, bytes);
            long before = GC.GetAllocatedBytesForCurrentThread();
            SkiptuneException? error = Load(path);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, (long)multiple * bytes.Length + Constant);
            if (error is null)
                continue;
            refused++;
            Failures.AssertOneLine(path, error);
        }
        Assert.InRange(refused, Mutations / 20, Mutations);
    }

    private static SkiptuneException? Load(string path)
    {
        try
        {
            if (path.EndsWith(".wav", StringComparison.Ordinal))
                WavFile.Read(path);
            else if (Path.GetExtension(path) is ".png" or ".ppm")
                ImageFile.Read(path);
            else
            {
                using DataSplits data = DataSource.Open(path);
                data.Train.Read([0], new float[data.Train.SampleShape.Count]);
                data.Train.Read([data.Train.Count - 1], new float[data.Train.SampleShape.Count]);
            }
            return null;
        }
        catch (SkiptuneException error)
        {
            return error;
        }
    }

    // Every other time what lies behind a checksum is damaged and the checksum is right.
    private static byte[] Damage(string name, byte[] whole, Mutator mutator, bool behindChecksum)
    {
        if (!behindChecksum)
            return mutator.Mutate(whole);
        return name switch
        {
            "f.npz" => Zip(CompressionLevel.Optimal, mutator.Mutate(s_npy), mutator.Mutate(s_labels)),
            "stored.npz" => Zip(CompressionLevel.NoCompression, mutator.Mutate(s_npy), s_labels),
            "f.bin.gz" => DataFiles.Gzip(mutator.Mutate(Whole("f.bin"))),
            "f.png" or "palette.png" => PngWriter.Mend(mutator.Mutate(whole)),
            _ => mutator.Mutate(whole),
        };
    }

    private static byte[] Whole(string name) => name switch
    {
        "f.npy" => s_npy,
        "f.npz" => Zip(CompressionLevel.Optimal, s_npy, s_labels),
        "stored.npz" => Zip(CompressionLevel.NoCompression, s_npy, s_labels),
        "f.csv" => Encoding.UTF8.GetBytes("width,height,\"kind\"\n1,2.5,pear\n-3e2,4,\"fig\"\n5,6,pear\n7,8,fig\n"),
        "f.bin" => CifarTests.File(2, 5),
        "f.bin.gz" => DataFiles.Gzip(CifarTests.File(2, 5)),
        "f.png" => PngWriter.Write(5, 6, 2, [.. Enumerable.Range(0, 90).Select(i => (byte)(i * i))], y => y % 5),
        "palette.png" => PngWriter.Write(4, 4, 3, [.. Enumerable.Range(0, 16).Select(i => (byte)(i % 4))], y => y % 5, palette: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]),
        "f.ppm" => [.. "P6\n# comment\n4 3 255\n"u8, .. Enumerable.Range(0, 36).Select(i => (byte)i)],
        "f.wav" => WavTests.File(1, 16, 8000, [.. Enumerable.Range(0, 40).Select(i => (byte)i)]),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    private static byte[] Zip(CompressionLevel level, byte[] x, byte[] y) => ArrayFiles.Zip(level, ("x.npy", x), ("y.npy", y));
}
