using System.IO.Compression;
using Skiptune.Data;

namespace Skiptune.Tests.Data;

public sealed class NpzTests
{
    private static readonly byte[] s_x = ArrayFiles.Npy("<f4", [3, 2], new float[] { 1, 2, 3, 4, 5, 6 });
    private static readonly byte[] s_y = ArrayFiles.Npy("<i8", [3], new long[] { 1, 0, 1 });

    [Theory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.Optimal)]
    public void Reads_samples_and_targets_by_name(CompressionLevel level)
    {
        using TempFolder folder = new();
        string path = folder.Write("d.npz", ArrayFiles.Zip(level, ("y.npy", s_y), ("x.npy", s_x), ("notes.txt", [1])));
        DataSet set = NpzFile.Read(path);
        Assert.Equal([1, 2, 3, 4, 5, 6], set.ReadAll());
        Assert.Equal([1, 0, 1], set.Labels);
        Assert.Equal(["y", "x"], NpzFile.Names(path));
        Assert.Equal(TargetKind.None, NpzFile.Read(path, kind: TargetKind.None).Targets.Kind);
        Assert.Equal(1, NpzFile.Read(path, kind: TargetKind.Values).TargetLength);
        Assert.Contains("'z'", Failures.Message(path, () => NpzFile.Read(path, "z")), StringComparison.Ordinal);
        Failures.Message(path, () => NpzFile.Read(path, maxBytes: 20));
    }

    [Theory]
    [InlineData("x", "y")]
    [InlineData("X", "Y")]
    [InlineData("images", "labels")]
    [InlineData("features", "targets")]
    [InlineData("X_train", "y_train")]
    [InlineData("train_images", "train_labels")]
    [InlineData("arr_0", "arr_1")]
    public void Knows_samples_and_targets_by_the_usual_names(string samples, string targets)
    {
        using TempFolder folder = new();
        DataSet set = NpzFile.Read(folder.Write("d.npz", ArrayFiles.Zip(CompressionLevel.Optimal, (targets + ".npy", s_y), ("index.npy", s_y), (samples + ".npy", s_x))));
        Assert.Equal([1, 2, 3, 4, 5, 6], set.ReadAll());
        Assert.Equal([1, 0, 1], set.Labels);
        DataSet alone = NpzFile.Read(folder.Write("e.npz", ArrayFiles.Zip(CompressionLevel.Optimal, ("whatever.npy", s_x))));
        Assert.Equal(TargetKind.None, alone.Targets.Kind);
    }

    [Theory]
    [InlineData("x_train", "y_train", "x_test", "y_test", null)]
    [InlineData("train_images", "train_labels", "test_images", "test_labels", null)]
    [InlineData("x", "y", "x_test", "y_test", "x_val")]
    public void One_file_may_hold_all_parts(string x, string y, string testX, string testY, string? validX)
    {
        using TempFolder folder = new();
        byte[] two = ArrayFiles.Npy("<f4", [2, 2], new float[] { 7, 8, 9, 10 });
        List<(string, byte[])> arrays = [(x + ".npy", s_x), (y + ".npy", s_y), (testX + ".npy", two), (testY + ".npy", ArrayFiles.Npy("<i8", [2], new long[] { 2, 0 }))];
        if (validX is not null)
            arrays.AddRange([(validX + ".npy", two), ("y_val.npy", ArrayFiles.Npy("<i8", [2], new long[] { 1, 0 }))]);
        folder.Write("mnist.npz", ArrayFiles.Zip(CompressionLevel.Optimal, [.. arrays]));
        foreach (string path in (string[])[folder.File("mnist.npz"), folder.Path])
        {
            using DataSplits data = DataSource.Open(path, new DataSourceOptions { MemoryLimit = path == folder.Path ? 0 : null });
            Assert.Equal([1, 2, 3, 4, 5, 6], data.Train.ReadAll());
            Assert.Equal([1, 0, 1], data.Train.Labels);
            Assert.Equal([7, 8, 9, 10], data.Test!.ReadAll());
            Assert.Equal([2, 0], data.Test!.Labels);
            Assert.Equal(3, data.Train.ClassCount);
            Assert.Equal(validX is null ? null : 2, data.Valid?.Count);
        }
    }

    [Fact]
    public void Names_that_say_nothing_are_listed()
    {
        using TempFolder folder = new();
        string path = folder.Write("d.npz", ArrayFiles.Zip(CompressionLevel.Optimal, ("kernel.npy", s_x), ("bias.npy", s_y)));
        string message = Failures.Message(path, () => DataSource.Open(path));
        Assert.Contains("'kernel', 'bias'", message, StringComparison.Ordinal);
        Assert.Contains("x_train", message, StringComparison.Ordinal);
        using DataSplits named = DataSource.Open(path, new DataSourceOptions { SamplesName = "kernel", TargetsName = "bias" });
        Assert.Equal([1, 0, 1], named.Train.Labels);
    }

    [Fact]
    public void Refuses_what_is_damaged_or_does_not_fit()
    {
        using TempFolder folder = new();
        string other = folder.Write("o.npz", ArrayFiles.Zip(CompressionLevel.Optimal, ("x.npy", s_x), ("y.npy", ArrayFiles.Npy("<i8", [2], new long[2]))));
        Assert.Contains("3 samples", Failures.Message(other, () => NpzFile.Read(other)), StringComparison.Ordinal);
        string empty = folder.Write("n.npz", ArrayFiles.Zip(CompressionLevel.Optimal));
        Failures.Message(empty, () => NpzFile.Read(empty));
        string text = folder.Write("t.npz", "no archive"u8.ToArray());
        Failures.Message(text, () => NpzFile.Read(text));

        // One bit of a stored value: everything fits but the checksum.
        byte[] stored = ArrayFiles.Zip(CompressionLevel.NoCompression, ("x.npy", s_x));
        int at = stored.AsSpan().IndexOf(new byte[] { 0, 0, 0x80, 0x3F });
        stored[at] ^= 1;
        string flipped = folder.Write("f.npz", stored);
        Assert.Contains("checksum", Failures.Message(flipped, () => NpzFile.Read(flipped)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_bomb_is_refused_by_its_promise_or_by_the_limit()
    {
        using TempFolder folder = new();
        byte[] bomb = ArrayFiles.Zip(CompressionLevel.SmallestSize, ("x.npy", ArrayFiles.Npy("<f4", [1 << 22], new float[1 << 22])));
        Assert.InRange(bomb.Length, 0, 1 << 15);
        string path = folder.Write("b.npz", bomb);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("allowed", Failures.Message(path, () => NpzFile.Read(path, maxBytes: 1 << 20)), StringComparison.Ordinal);
        // A header that promises 2 GB with nothing behind it.
        byte[] header = ArrayFiles.Npy("{'descr': '|u1', 'fortran_order': False, 'shape': (2000000000,), }", new byte[10]);
        string liar = folder.Write("l.npz", ArrayFiles.Zip(CompressionLevel.Optimal, ("x.npy", header)));
        Assert.Contains("ends after", Failures.Message(liar, () => NpzFile.Read(liar)), StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }
}
