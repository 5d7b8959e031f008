using Skiptune.Data;
using Skiptune.Numerics;

namespace Skiptune.Tests.Data;

public sealed class CifarTests
{
    internal static byte[] File(int count, params byte[] labels)
    {
        List<byte> bytes = [];
        for (int i = 0; i < count; i++)
            bytes.AddRange([.. labels.Select(label => (byte)(label + i)), .. Enumerable.Range(0, 3072).Select(p => (byte)(p + i))]);
        return [.. bytes];
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Reads_both_formats_plain_and_gzip(bool gzip)
    {
        using TempFolder folder = new();
        byte[] Stored(byte[] bytes) => gzip ? DataFiles.Gzip(bytes) : bytes;
        RecordDataSet ten = CifarFile.Read(folder.Write("a.bin", Stored(File(3, 7))));
        Assert.Equal([7, 8, 9], ten.Labels);
        Assert.Equal(10, ten.ClassCount);
        Assert.Equal(new Shape(3, 32, 32), ten.SampleShape);
        float[] values = ten.ReadAll();
        for (int i = 0; i < values.Length; i++)
            Assert.Equal((byte)(i % 3072 + i / 3072) / 255f, values[i]);

        string hundred = folder.Write("b.bin", Stored(File(2, 18, 98)));
        Assert.Equal([98, 99], CifarFile.Read(hundred).Labels);
        Assert.Equal([18, 19], CifarFile.Read(hundred, coarse: true).Labels);
        Assert.Equal(20, CifarFile.Read(hundred, coarse: true).ClassCount);
        Assert.Equal(values[3072..6144], CifarFile.Read(hundred).ReadAll()[3072..]);
    }

    [Fact]
    public void Refuses_other_files()
    {
        using TempFolder folder = new();
        byte[] good = File(2, 0);
        byte[] wrong = [.. good];
        wrong[3073] = 10;
        byte[] gzip = DataFiles.Gzip(good);
        foreach (byte[] bytes in new[] { [], good[..^1], [.. good, 0], wrong, gzip[..^3], gzip[..(gzip.Length / 2)], [.. gzip, 1] })
        {
            string path = folder.Write("a.bin", bytes);
            Failures.Message(path, () => CifarFile.Read(path));
        }
        string bomb = folder.Write("b.bin", DataFiles.Gzip(new byte[10_000_000]));
        Assert.Contains("1000000 bytes", Failures.Message(bomb, () => CifarFile.Read(bomb, maxBytes: 1_000_000)), StringComparison.Ordinal);
    }
}
