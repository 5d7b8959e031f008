using System.IO.Compression;
using System.Text;
using Skiptune.Data;
using Skiptune.Tests.Data;

namespace Skiptune.Tests.Fuzz;

/// <summary>Data files that <see cref="DataSource"/> opens: every sample is read, from memory and from the disk.</summary>
internal abstract class DataFuzz(string file) : FuzzForm
{
    public override int BytesPerByte => 64;

    public override string Put(TempArea area, byte[] bytes) => area.Write(file, bytes);

    public override void Load(string path)
    {
        Read(path, null);
        Read(path, 0);
    }

    private static void Read(string path, long? limit)
    {
        using DataSplits data = DataSource.Open(path, new DataSourceOptions { MemoryLimit = limit });
        float[] values = new float[data.Train.SampleShape.Count];
        for (int i = 0; i < data.Train.Count; i++)
            data.Train.Read([i], values);
    }
}

internal sealed class NpyFuzz() : DataFuzz("f.npy")
{
    public static IReadOnlyList<byte[]> Arrays { get; } =
    [
        ArrayFiles.Npy("<f4", [6, 4], [.. Enumerable.Range(0, 24).Select(i => (float)i)]),
        ArrayFiles.Npy("<i8", [6], new long[] { 0, 1, 2, 0, 1, 2 }, version: 2),
        ArrayFiles.Npy("<f8", [2, 3, 1], new double[] { 1, 2, 3, 4, 5, 6 }, version: 3),
        ArrayFiles.Npy("|u1", [5, 2], [.. Enumerable.Range(0, 10).Select(i => (byte)i)]),
        ArrayFiles.Npy("<i4", [4, 1], [1, -2, 3, int.MaxValue]),
    ];

    public override string Name => "npy";

    public override int Cases => 2200;

    public override IReadOnlyList<byte[]> Seeds => Arrays;

    public override byte[] Mutate(Mutator mutator, byte[] whole, byte[] other) => Damage(mutator, whole, other);

    /// <summary>Bytes of any place, or the text of the header with its length made right.</summary>
    public static byte[] Damage(Mutator mutator, byte[] whole, byte[] other)
    {
        int at = whole.AsSpan().IndexOf((byte)'{');
        int end = whole.AsSpan().IndexOf((byte)'\n');
        int from = other.AsSpan().IndexOf((byte)'{');
        if (mutator.OneIn(2) || at < 0 || end < at || from < 0)
            return mutator.Bytes(whole, other);
        string text = mutator.Text(Encoding.Latin1.GetString(whole, at, end - at).TrimEnd(), Encoding.Latin1.GetString(other.AsSpan(from, 60)));
        return ArrayFiles.Npy(text.Replace("\n", " ", StringComparison.Ordinal), whole[(end + 1)..], text.Length > 60_000 ? 2 : 1 + mutator.Below(3));
    }
}

internal sealed class NpzFuzz() : DataFuzz("f.npz")
{
    public override string Name => "npz";

    public override int Cases => 800;

    // Deflate inflates at most 1032 times.
    public override int BytesPerByte => 1100;

    public override IReadOnlyList<byte[]> Seeds { get; } =
    [
        ArrayFiles.Zip(CompressionLevel.Optimal, ("x.npy", NpyFuzz.Arrays[0]), ("y.npy", NpyFuzz.Arrays[1])),
        ArrayFiles.Zip(CompressionLevel.NoCompression, ("x_train.npy", NpyFuzz.Arrays[0]), ("y_train.npy", NpyFuzz.Arrays[1]), ("x_test.npy", NpyFuzz.Arrays[0])),
    ];

    // Every other time what lies behind a checksum is damaged, and the checksum is right.
    public override byte[] Mutate(Mutator mutator, byte[] whole, byte[] other) => mutator.OneIn(2)
        ? mutator.Bytes(whole, other)
        : ArrayFiles.Zip(
            mutator.OneIn(2) ? CompressionLevel.Optimal : CompressionLevel.NoCompression,
            ("x.npy", NpyFuzz.Damage(mutator, mutator.Pick(NpyFuzz.Arrays), mutator.Pick(NpyFuzz.Arrays))),
            ("y.npy", mutator.OneIn(2) ? NpyFuzz.Arrays[1] : NpyFuzz.Damage(mutator, NpyFuzz.Arrays[1], NpyFuzz.Arrays[0])));
}

internal sealed class CsvFuzz() : DataFuzz("f.csv")
{
    private static readonly string[] s_seeds =
    [
        "width,height,\"kind\"\n1,2.5,pear\n-3e2,4,\"fig\"\n5,6,pear\n7,8,fig\n",
        "1,2,0\n3,4,1\n5,6,1\n",
        "a,b\r\n\"1\",\"x \"\"y\"\"\"\r\n2,z\r\n",
        "0.5\n1.5\n\n2.5\n",
    ];

    public override string Name => "csv";

    public override int Cases => 2200;

    // A cell of one digit becomes a string, a number and an entry of a table, twice.
    public override int BytesPerByte => 128;

    public override IReadOnlyList<byte[]> Seeds { get; } = [.. s_seeds.Select(Encoding.UTF8.GetBytes)];

    public override byte[] Mutate(Mutator mutator, byte[] whole, byte[] other) => mutator.OneIn(3)
        ? mutator.Bytes(whole, other)
        : Encoding.UTF8.GetBytes(mutator.Text(Encoding.UTF8.GetString(whole), Encoding.UTF8.GetString(other)));
}

internal sealed class IdxFuzz() : DataFuzz("train-images-idx3-ubyte")
{
    private static readonly byte[] s_plain = DataFiles.Idx(8, 3, [3, 2, 2], [.. Enumerable.Range(0, 12).Select(i => (byte)i)]);

    public override string Name => "idx";

    public override int Cases => 500;

    public override int BytesPerByte => 1100;

    public override IReadOnlyList<byte[]> Seeds { get; } = [s_plain, DataFiles.Idx(8, 4, [2, 3, 1, 2], new byte[12]), DataFiles.Gzip(s_plain)];

    public override byte[] Mutate(Mutator mutator, byte[] whole, byte[] other) =>
        mutator.OneIn(4) ? DataFiles.Gzip(mutator.Bytes(s_plain, other)) : mutator.Bytes(whole, other);
}

internal sealed class CifarFuzz() : DataFuzz("f.bin")
{
    public override string Name => "cifar";

    public override int Cases => 300;

    public override int BytesPerByte => 1100;

    public override IReadOnlyList<byte[]> Seeds { get; } = [CifarTests.File(2, 5), CifarTests.File(2, 5, 50), DataFiles.Gzip(CifarTests.File(1, 5))];

    public override byte[] Mutate(Mutator mutator, byte[] whole, byte[] other)
    {
        byte[] bytes = mutator.Bytes(whole, other);
        // Mostly damage in the pixels, which is none: half of the files are whole records again.
        return mutator.OneIn(2) && bytes.Length > 3073 ? bytes[..(bytes.Length / 3073 * 3073)] : bytes;
    }
}
