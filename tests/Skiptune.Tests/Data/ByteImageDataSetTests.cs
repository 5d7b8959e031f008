using Skiptune.Data;
using Skiptune.Numerics;

namespace Skiptune.Tests.Data;

public sealed class ByteImageDataSetTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Images(int[] extents, params byte[] values) => _folder.Write("images", DataFiles.Idx(8, extents.Length, extents, values));

    private string Labels(params byte[] values) => _folder.Write("labels", DataFiles.Idx(8, 1, [values.Length], values));

    [Fact]
    public void LoadsOneChannel()
    {
        DataSet set = ByteImageDataSet.FromIdx(Images([2, 1, 2], 0, 51, 255, 102), Labels(1, 0), classCount: 2);
        Assert.Equal(new Shape(1, 1, 2), set.SampleShape);
        Assert.Equal([1, 0], set.Labels);
        float[] values = new float[4];
        set.Read([1, 0], values);
        Assert.Equal([1, 0.4f, 0, 0.2f], values);
    }

    [Fact]
    public void LoadsSeveralChannels() =>
        Assert.Equal(new Shape(3, 1, 2), ByteImageDataSet.FromIdx(Images([1, 3, 1, 2], 1, 2, 3, 4, 5, 6), Labels(0)).SampleShape);

    [Fact]
    public void RefusesFilesThatDoNotFit()
    {
        string good = Images([2, 1, 1], 0, 0);
        DataFiles.Refuses(() => ByteImageDataSet.FromIdx(good, Labels(1, 9, 3)), "labels: has 3 labels", good, "2 images");
        DataFiles.Refuses(() => ByteImageDataSet.FromIdx(good, Labels(1, 10)), "labels: row 1 has the label 10", "0..9");
        DataFiles.Refuses(() => ByteImageDataSet.FromIdx(good, good), good, "labels have 1 axis");
        string labels = Labels(1, 2);
        DataFiles.Refuses(() => ByteImageDataSet.FromIdx(labels, labels), labels, "images have 3 axes");
        DataFiles.Refuses(() => ByteImageDataSet.FromIdx(Images([0, 28, 28]), Labels()), "no image at all");
        DataFiles.Refuses(() => ByteImageDataSet.FromIdx(Images([int.MaxValue, int.MaxValue, 0]), Labels()), "images:");
    }
}
