using System.Globalization;
using Skiptune.Data;
using Skiptune.Numerics;

namespace Skiptune.Tests.Data;

public sealed class SampleAssetTests
{
    [Theory]
    [InlineData("train-images-idx3-ubyte.gz", true)]
    [InlineData("train-labels-idx1-ubyte.gz", true)]
    [InlineData("t10k-images-idx3-ubyte.gz", false)]
    [InlineData("t10k-labels-idx1-ubyte.gz", false)]
    public void HoldsThePackagesRows(string name, bool indexed)
    {
        DataFiles.RequirePackage();
        IdxFile sample = IdxFile.Read(Path.Combine(DataFiles.Sample, name));
        IdxFile package = IdxFile.Read(Path.Combine(DataFiles.Package, name));
        int[] rows = indexed
            ? [.. File.ReadLines(Path.Combine(DataFiles.Sample, "train-index.txt")).Select(line => int.Parse(line, CultureInfo.InvariantCulture))]
            : [.. Enumerable.Range(0, 1024)];
        Assert.Equal(package.Shape.WithBatch(rows.Length), sample.Shape);
        int length = sample.Shape.RowCount;
        for (int i = 0; i < rows.Length; i++)
            Assert.True(package.Values.Span.Slice(rows[i] * length, length).SequenceEqual(sample.Values.Span.Slice(i * length, length)), $"row {i}");
    }

    [Theory]
    [InlineData(FashionMnistSplit.Train)]
    [InlineData(FashionMnistSplit.Test)]
    public void LoadsAsADataSet(FashionMnistSplit split)
    {
        DataSet set = FashionMnist.Load(split, new FashionMnistOptions { Directory = DataFiles.Sample });
        Assert.Equal(1024, set.Count);
        Assert.Equal(new Shape(1, 28, 28), set.SampleShape);
        Assert.Equal(10, set.ClassCount);
        Assert.Equal(10, set.Labels.ToArray().Distinct().Count());
    }
}
