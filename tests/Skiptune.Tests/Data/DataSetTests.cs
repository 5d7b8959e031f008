using Skiptune.Data;
using Skiptune.Numerics;

namespace Skiptune.Tests.Data;

public sealed class DataSetTests
{
    private static readonly float[] s_values = [1, 2, 3, 4, 5, 6, 7, 8];

    private static TensorDataSet Four() => new(new Tensor(new Shape(4, 1, 2), s_values), [0, 1, 2, 1], 3);

    private static float[] Read(DataSet set, params int[] indices)
    {
        float[] values = new float[indices.Length * set.SampleShape.Count];
        set.Read(indices, values);
        return values;
    }

    [Fact]
    public void ReadsSamplesInAnyOrder()
    {
        TensorDataSet set = Four();
        Assert.Equal(4, set.Count);
        Assert.Equal(new Shape(1, 2), set.SampleShape);
        Assert.Equal(3, set.ClassCount);
        Assert.Equal([7, 8, 1, 2, 7, 8], Read(set, 3, 0, 3));
        Assert.Empty(Read(set));
    }

    [Fact]
    public void ViewsKeepOrderAndLabels()
    {
        DataSet view = Four().Select([3, 3, 0, 2]);
        Assert.Equal([1, 1, 0, 2], view.Labels);
        Assert.Equal([5, 6, 1, 2], Read(view, 3, 2));
        DataSet nested = view.Slice(1, 3).Take(2);
        Assert.Equal([1, 0], nested.Labels);
        Assert.Equal([7, 8, 1, 2], Read(nested, 0, 1));
        Assert.Equal(3, nested.ClassCount);
    }

    [Fact]
    public void AViewReadsMoreRowsThanItMapsAtOnce()
    {
        int[] rows = [.. Enumerable.Range(0, 1000).Select(i => i * 3 % 4)];
        DataSet view = Four().Select(rows);
        float[] values = Read(view, [.. Enumerable.Range(0, 1000).Reverse()]);
        for (int i = 0; i < rows.Length; i++)
            Assert.Equal(2 * rows[999 - i] + 1, values[2 * i]);
    }

    [Fact]
    public void RefusesWrongLabelsAndCounts()
    {
        Tensor two = new(new Shape(2, 3));
        DataFiles.Refuses(() => _ = new TensorDataSet(two, [0, 3], 3), "row 1", "label 3", "0..2");
        DataFiles.Refuses(() => _ = new TensorDataSet(two, [-1, 0], 3), "row 0", "label -1");
        DataFiles.Refuses(() => _ = new TensorDataSet(two, [0], 3), "2 samples and 1 labels");
        DataFiles.Refuses(() => _ = new TensorDataSet(two, [0, 0], 0), "0 classes");
        DataFiles.Refuses(() => _ = new ByteImageDataSet(new byte[5], new Shape(1, 1, 3), [0, 0], 1), "do not have 5 bytes");
    }

    [Fact]
    public void RefusesEmptySets()
    {
        DataFiles.Refuses(() => _ = new TensorDataSet(new Tensor(new Shape(0, 3)), [], 3), "at least one sample");
        DataFiles.Refuses(() => _ = new TensorDataSet(new Tensor(new Shape(2, 0)), [0, 0], 3), "hold no values");
        DataFiles.Refuses(() => _ = new TensorDataSet(new Tensor(default), [0], 3), "batch axis");
        DataFiles.Refuses(() => Four().Select([]), "at least one sample");
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void RefusesValuesThatAreNotFinite(float value) =>
        DataFiles.Refuses(() => _ = new TensorDataSet(new Tensor(new Shape(2, 2), [0, 0, 0, value]), [0, 0], 1), "row 1", "NaN or infinite");

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 5)]
    [InlineData(-1, 2)]
    [InlineData(4, 1)]
    [InlineData(2, int.MaxValue)]
    public void RefusesSlicesOutside(int first, int count) => DataFiles.Refuses(() => Four().Slice(first, count), "has 4");

    [Fact]
    public void RefusesReadsOutside()
    {
        TensorDataSet set = Four();
        DataFiles.Refuses(() => set.Select([0, 4]), "sample 4", "0..3");
        Assert.Throws<ArgumentOutOfRangeException>(() => Read(set, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => Read(set, -1));
        Assert.Throws<ArgumentException>(() => set.Read([0], new float[3]));
    }

    [Fact]
    public void ReadingAllocatesNothing()
    {
        DataSet view = new ByteImageDataSet(new byte[4 * 300], new Shape(1, 3, 100), [0, 0, 0, 0], 1).Select([2, 1]);
        int[] indices = [1, 0];
        float[] values = new float[600];
        view.Read(indices, values);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
            view.Read(indices, values);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void BytesAreDividedBy255Exactly()
    {
        // Every byte at every position of a vector and in the tail.
        for (int shift = 0; shift < 16; shift++)
        {
            byte[] pixels = [.. Enumerable.Range(0, 256 + 15).Select(i => (byte)(i + shift))];
            ByteImageDataSet set = new(pixels, new Shape(1, 1, pixels.Length), [0], 1);
            Assert.Equal(pixels.Select(p => p / 255f), Read(set, 0));
        }
    }
}
