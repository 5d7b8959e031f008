using System.Collections.Immutable;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using Skiptune.Data;
using Skiptune.FineTuning;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.Tests.Data;

/// <summary>
/// Data larger than what memory they may take: they are tuned with all the same, to the same bits, and what is allocated
/// stays far below their size. Alone, because what is allocated is counted for the whole process.
/// </summary>
[Collection(nameof(StreamingTests))]
[CollectionDefinition(nameof(StreamingTests), DisableParallelization = true)]
public sealed class StreamingTests(StreamingTests.Files files) : IClassFixture<StreamingTests.Files>
{
    private const int Count = 4000;

    // Less than a third of the smallest data set here; programs, the cache and the labels are in it.
    private const long AllocatedBytes = 4 << 20;

    // What memory samples may take.
    private const long Limit = 1 << 20;

    [Theory]
    [InlineData("x.npy", true)]
    [InlineData("stored.npz", true)]
    [InlineData("deflated.npz", true)]
    [InlineData("c.bin", true)]
    [InlineData("c.bin.gz", true)]
    [InlineData("train-images-idx3-ubyte", true)]
    [InlineData("train-images-idx3-ubyte.gz", true)]
    [InlineData("t.csv", false)] // cells become strings for a moment
    public void Tuning_from_the_disk_takes_little_memory_and_changes_no_bit(string name, bool measureOpening)
    {
        string path = files.Path(name);
        FineTuneResult expected;
        using (DataSplits memory = DataSource.Open(path))
            expected = Tune(memory.Train);
        Tune(SmallSet()); // what is made once a process

        long before = GC.GetTotalAllocatedBytes(precise: true);
        using DataSplits streamed = DataSource.Open(path, new DataSourceOptions { MemoryLimit = Limit });
        long opening = GC.GetTotalAllocatedBytes(precise: true) - before;
        FineTuneResult result = Tune(streamed.Train);
        long all = GC.GetTotalAllocatedBytes(precise: true) - before;

        Assert.False(Assert.IsType<RecordDataSet>(streamed.Train).InMemory);
        Assert.True(streamed.Train.Count * (long)streamed.Train.SampleShape.Count > 3 * AllocatedBytes - Limit);
        Assert.InRange(measureOpening ? all : all - opening, 0, AllocatedBytes);
        Assert.Equal(expected.Losses, result.Losses);
        foreach ((string tensor, Tensor values) in expected.Adapter.Tensors)
            Assert.Equal(values.Span.ToArray(), result.Adapter.Tensors[tensor].Span.ToArray());
    }

    [Fact]
    public void Files_within_the_limit_and_beyond_it_make_one_set()
    {
        using TempFolder folder = new();
        foreach (string name in (string[])["data_batch_1.bin", "data_batch_2.bin", "test_batch.bin"])
            folder.Write(name, CifarTests.File(2, 3));
        using DataSplits data = DataSource.Open(folder.Path, new DataSourceOptions { MemoryLimit = 3 * 3073 });
        Assert.Equal(CifarFile.Read(folder.File("test_batch.bin")).ReadAll(), data.Test!.ReadAll());
        Assert.Equal([3, 4, 3, 4], data.Train.Labels);
        DataFiles.Refuses(() => DataSource.Open(folder.Path, new DataSourceOptions { MemoryLimit = -1 }), "-1 bytes");
    }

    [Fact]
    public void What_is_packed_out_of_all_proportion_fills_no_disk()
    {
        using TempFolder folder = new();
        byte[] zeros = new byte[3073 * 1000];
        string packed = folder.Write("z.bin", DataFiles.Gzip(zeros));
        Assert.Contains("unpack it yourself", Failures.Message(packed, () => DataSource.Open(packed, new DataSourceOptions { MemoryLimit = 0 })), StringComparison.Ordinal);
        using DataSplits inMemory = DataSource.Open(packed);
        Assert.Equal(1000, inMemory.Train.Count);
        string array = folder.Write("z.npz", ArrayFiles.Zip(CompressionLevel.Optimal, ("x.npy", ArrayFiles.Npy("|u1", [1000, 3073], zeros))));
        Assert.Contains("unpack it yourself", Failures.Message($"{array}: x", () => DataSource.Open(array, new DataSourceOptions { MemoryLimit = 0 })), StringComparison.Ordinal);
    }

    [Fact]
    public void A_stored_array_that_is_damaged_is_noticed_when_it_is_opened()
    {
        using TempFolder folder = new();
        byte[] file = ArrayFiles.Zip(CompressionLevel.NoCompression, ("x.npy", ArrayFiles.Npy("<f4", [50, 2], new float[100])));
        file[file.Length / 2] ^= 1;
        string path = folder.Write("d.npz", file);
        Assert.Contains("checksum", Failures.Message($"{path}: x", () => DataSource.Open(path, new DataSourceOptions { MemoryLimit = 0 })), StringComparison.Ordinal);
    }

    private static TensorDataSet SmallSet() => new(new Tensor(new Shape(40, 3072)), Enumerable.Range(0, 40).Select(i => i % 10).ToArray(), 10);

    private static FineTuneResult Tune(DataSet data)
    {
        DataSet flat = new SampleFormat { Shape = new Shape(3072) }.Apply(data);
        using FineTuner tuner = new(Network(), "base", new FineTuneOptions { Epochs = 2, BatchSize = 50, Cache = CacheFormat.Int2, Threads = 2 });
        return tuner.Fit(flat);
    }

    private static Graph Network()
    {
        SeededRandom random = new(3);
        Dictionary<string, Tensor> constants = new(StringComparer.Ordinal) { ["w1"] = new Tensor(new Shape(8, 3072)), ["w2"] = new Tensor(new Shape(10, 8)) };
        foreach (Tensor tensor in constants.Values)
            random.FillUniform(tensor.Span, 0.05f);
        return new Graph(
            "dense",
            [new GraphInput("x", new Shape(3072))],
            [new("fc1", new Gemm(), ["x", "w1"], ["h"]), new("relu", new Relu(), ["h"], ["r"]), new("fc2", new Gemm(), ["r", "w2"], ["y"])],
            constants.ToImmutableDictionary(StringComparer.Ordinal),
            ["y"]);
    }

    /// <summary>The same noise in every form.</summary>
    public sealed class Files : IDisposable
    {
        private readonly TempFolder _folder = new();

        public Files()
        {
            byte[] pixels = new byte[Count * 3072];
            new Random(4).NextBytes(pixels);
            byte[] labels = [.. Enumerable.Range(0, Count).Select(i => (byte)(i % 10))];
            long[] classes = [.. labels.Select(label => (long)label)];
            byte[] cifar = new byte[Count * 3073];
            for (int i = 0; i < Count; i++)
            {
                cifar[i * 3073] = labels[i];
                pixels.AsSpan(i * 3072, 3072).CopyTo(cifar.AsSpan(i * 3073 + 1));
            }
            byte[] images = DataFiles.Idx(8, 3, [Count, 48, 64], pixels);
            float[] values = [.. pixels.Select(pixel => pixel / 255f)];
            byte[] array = ArrayFiles.Npy("<f4", [Count, 3072], values);
            byte[] targets = ArrayFiles.Npy("<i8", [Count], classes);
            _folder.Write("x.npy", array);
            _folder.Write("y.npy", targets);
            _folder.Write("stored.npz", ArrayFiles.Zip(CompressionLevel.NoCompression, ("y_train.npy", targets), ("x_train.npy", array)));
            _folder.Write("deflated.npz", ArrayFiles.Zip(CompressionLevel.Fastest, ("x.npy", ArrayFiles.Npy("|u1", [Count, 3072], pixels)), ("y.npy", targets)));
            _folder.Write("c.bin", cifar);
            _folder.Write("c.bin.gz", Fast(cifar));
            _folder.Write("train-images-idx3-ubyte", images);
            _folder.Write("train-images-idx3-ubyte.gz", Fast(images));
            _folder.Write("train-labels-idx1-ubyte", DataFiles.Idx(8, 1, [Count], labels));
            StringBuilder text = new();
            for (int i = 0; i < Count; i++)
                text.AppendJoin(',', MemoryMarshal.ToEnumerable<byte>(pixels.AsMemory(i * 3072, 3072))).Append(',').Append(labels[i]).Append('\n');
            _folder.Write("t.csv", Encoding.ASCII.GetBytes(text.ToString()));
        }

        public string Path(string name) => _folder.File(name);

        public void Dispose() => _folder.Dispose();

        private static byte[] Fast(byte[] bytes)
        {
            using MemoryStream stream = new();
            using (GZipStream gzip = new(stream, CompressionLevel.Fastest))
                gzip.Write(bytes);
            return stream.ToArray();
        }
    }
}
