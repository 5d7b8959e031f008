using System.Text;
using Skiptune.Data;
using Skiptune.Numerics;

namespace Skiptune.Tests.Data;

public sealed class NpyTests
{
    [Fact]
    public void Writes_the_bytes_NumPy_writes()
    {
        using TempFolder folder = new();
        NpyFile.Write(folder.File("x.npy"), new Tensor(new Shape(2, 3), [1, 2, 3, 4, 5, 6]));
        byte[] bytes = File.ReadAllBytes(folder.File("x.npy"));
        Assert.Equal(128 + 24, bytes.Length);
        Assert.Equal([0x93, .. "NUMPY"u8, 1, 0, 0x76, 0], bytes[..10]);
        Assert.Equal("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }".PadRight(117) + "\n", Encoding.ASCII.GetString(bytes, 10, 118));
        NpyFile.Write(folder.File("v.npy"), new Tensor(new Shape(2), [1, 2]));
        Assert.Contains("'shape': (2,), }", Encoding.Latin1.GetString(File.ReadAllBytes(folder.File("v.npy"))), StringComparison.Ordinal);
        Assert.Equal([1, 2], NpyFile.Read(folder.File("v.npy")).Span.ToArray());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Reads_every_type_whole_and_as_needed(int version)
    {
        using TempFolder folder = new();
        float[] expected = [1, 2, 3, 4, 5, 6];
        int[] shape = [3, 1, 2];
        foreach (byte[] file in new[]
        {
            ArrayFiles.Npy("<f4", shape, expected, version), ArrayFiles.Npy("<f8", shape, new double[] { 1, 2, 3, 4, 5, 6 }, version),
            ArrayFiles.Npy("|u1", shape, new byte[] { 1, 2, 3, 4, 5, 6 }, version), ArrayFiles.Npy("<i4", shape, new[] { 1, 2, 3, 4, 5, 6 }, version),
            ArrayFiles.Npy("<i8", shape, new long[] { 1, 2, 3, 4, 5, 6 }, version),
        })
        {
            string path = folder.Write("a.npy", file);
            Tensor whole = NpyFile.Read(path);
            Assert.Equal(new Shape(3, 1, 2), whole.Shape);
            Assert.Equal(expected, whole.Span.ToArray());
            using RecordDataSet set = NpyFile.Open(path);
            Assert.Equal(new Shape(1, 2), set.SampleShape);
            float[] values = new float[4];
            set.Read([2, 0], values);
            Assert.Equal([5, 6, 1, 2], values);
        }
    }

    [Theory]
    [InlineData("{'descr': '>f4', 'fortran_order': False, 'shape': (1,), }", "'>f4'")]
    [InlineData("{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }", "'<c8'")]
    [InlineData("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", "'|O'")]
    [InlineData("{'descr': '<f4', 'fortran_order': True, 'shape': (1, 1), }", "Fortran")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (), }", "0 axes")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (0, 3), }", "0 entries")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (3, 0), }", "no values")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }", "dictionary")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }", "dictionary")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2000000000, 2000000000), }", "bytes")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2000000000, 2000000000), }", "more than")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2000000000,), }", "promises")]
    [InlineData("{'descr': '<f4', 'shape': (1,), }", "dictionary")]
    [InlineData("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", "dictionary")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), } + 1", "dictionary")]
    [InlineData("{", "dictionary")]
    public void Refuses_headers_that_lie(string dictionary, string words)
    {
        using TempFolder folder = new();
        string path = folder.Write("a.npy", ArrayFiles.Npy(dictionary, new byte[4]));
        Assert.Contains(words, Failures.Message(path, () => NpyFile.Read(path)), StringComparison.Ordinal);
        Failures.Message(path, () => NpyFile.Open(path));
    }

    [Fact]
    public void Refuses_wrong_lengths_and_values()
    {
        using TempFolder folder = new();
        byte[] whole = ArrayFiles.Npy("<f4", [2, 2], new float[] { 1, 2, 3, 4 });
        foreach (byte[] bytes in new[] { [], whole[..5], whole[..11], whole[..40], whole[..^1], [.. whole, 0] })
        {
            string path = folder.Write("a.npy", bytes);
            Failures.Message(path, () => NpyFile.Read(path));
            Failures.Message(path, () => NpyFile.Open(path));
        }
        string bad = folder.Write("n.npy", ArrayFiles.Npy("<f8", [2, 1], new[] { 1, 1e300 }));
        Assert.Contains("entry 1", Failures.Message(bad, () => NpyFile.Read(bad)), StringComparison.Ordinal);
        using RecordDataSet set = NpyFile.Open(bad);
        Assert.Contains("entry 1", Failures.Message(bad, () => set.Read([1], new float[1])), StringComparison.Ordinal);
        Failures.Message(folder.File("none.npy"), () => NpyFile.Open(folder.File("none.npy")));
        Failures.Message(folder.Path, () => NpyFile.Read(folder.Path));
    }

    [Fact]
    public void Integers_are_classes_and_other_numbers_vectors()
    {
        using TempFolder folder = new();
        string labels = folder.Write("y.npy", ArrayFiles.Npy("<i8", [3], new long[] { 0, 4, 1 }));
        Targets classes = NpyFile.ReadTargets(labels);
        Assert.Equal([0, 4, 1], classes.Labels);
        Assert.Equal(5, classes.ClassCount);
        Assert.Equal(1, NpyFile.ReadTargets(labels, TargetKind.Values).Length);
        Failures.Message(labels, () => NpyFile.ReadTargets(labels, classCount: 4));
        string negative = folder.Write("y.npy", ArrayFiles.Npy("<i8", [1], new long[] { -1 }));
        Assert.Contains("label -1", Failures.Message(negative, () => NpyFile.ReadTargets(negative)), StringComparison.Ordinal);
        string vectors = folder.Write("y.npy", ArrayFiles.Npy("<f4", [2, 3], new float[6]));
        Assert.Equal(3, NpyFile.ReadTargets(vectors).Length);
        Failures.Message(vectors, () => NpyFile.ReadTargets(vectors, TargetKind.Classes));
    }

    [Fact]
    public void A_file_that_is_cut_while_it_is_open_is_an_error()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("an open file cannot be cut on Windows");
        using TempFolder folder = new();
        string path = folder.Write("a.npy", ArrayFiles.Npy("<f4", [100, 1000], new float[100_000]));
        using RecordDataSet set = NpyFile.Open(path);
        using (FileStream stream = new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            stream.SetLength(1000);
        Assert.Contains("shorter", Failures.Message(path, () => set.Read([99], new float[1000])), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_claims_to_be_larger_than_memory_is_read_by_the_sample()
    {
        // 64 GiB that take no room on the disk.
        using TempFolder folder = new();
        string path = folder.Write("a.npy", ArrayFiles.Npy("{'descr': '<f4', 'fortran_order': False, 'shape': (16777216, 1024), }", []));
        long length = new FileInfo(path).Length + (64L << 30);
        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Write);
            stream.SetLength(length);
            stream.Position = length - sizeof(float);
            stream.Write(BitConverter.GetBytes(7f));
        }
        catch (IOException)
        {
            Assert.Skip("the file system has no sparse files");
        }
        long before = GC.GetAllocatedBytesForCurrentThread();
        using RecordDataSet set = NpyFile.Open(path);
        float[] values = new float[1024];
        set.Read([16777215], values);
        Assert.Equal(7, values[1023]);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public async Task Many_threads_read_one_file()
    {
        using TempFolder folder = new();
        string path = folder.Write("a.npy", ArrayFiles.Npy("<i4", [1000, 16], [.. Enumerable.Range(0, 16_000)]));
        using RecordDataSet set = NpyFile.Open(path);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(thread => Task.Run(() =>
        {
            float[] values = new float[16];
            for (int i = 0; i < 2000; i++)
            {
                int sample = (i * 7 + thread * 31) % 1000;
                set.Read([sample], values);
                Assert.Equal(sample * 16 + 15, values[15]);
            }
        })));
    }
}
