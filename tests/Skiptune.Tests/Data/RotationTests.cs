using Skiptune.Data;
using Skiptune.Numerics;

namespace Skiptune.Tests.Data;

public sealed class RotationTests
{
    private static readonly FashionMnistOptions s_sample = new() { Directory = DataFiles.Sample };

    private static Tensor Random(Shape shape)
    {
        Tensor images = new(shape);
        new SeededRandom(3).FillUniform(images.Span, 1);
        return images;
    }

    private static void Near(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, float tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.InRange(actual[i], expected[i] - tolerance, expected[i] + tolerance);
    }

    [Fact]
    public void AgreesWithTheReference()
    {
        // rot_first4.bin: the first four sample images turned by 75 degrees by the NumPy reference, 4x1x28x28.
        DataSet rotated = Rotation.Rotate(FashionMnist.Load(FashionMnistSplit.Train, s_sample).Take(4), 75);
        float[] values = new float[4 * 784];
        rotated.Read([0, 1, 2, 3], values);
        Near(DataFiles.GoldenFloats("rot_first4.bin"), values, 1e-6f);
    }

    [Fact]
    public void TheDataSetKeepsLabelsAndValues()
    {
        DataSet set = FashionMnist.Load(FashionMnistSplit.Test, s_sample).Take(3);
        DataSet rotated = Rotation.Rotate(set, 30);
        Assert.Equal(set.Labels, rotated.Labels);
        Assert.Equal(set.SampleShape, rotated.SampleShape);
        float[] all = new float[3 * 784];
        set.Read([0, 1, 2], all);
        float[] actual = new float[3 * 784];
        rotated.Read([0, 1, 2], actual);
        Assert.Equal(Rotation.Rotate(new Tensor(new Shape(3, 1, 28, 28), all), 30).Span.ToArray(), actual);
    }

    [Theory]
    [InlineData(28, 28)]
    [InlineData(5, 8)]
    [InlineData(1, 1)]
    public void ByNothingIsIdentity(int height, int width)
    {
        Tensor images = Random(new Shape(2, 3, height, width));
        Assert.Equal(images.Span, Rotation.Rotate(images, 0).Span);
    }

    [Theory]
    [InlineData(28)]
    [InlineData(7)]
    public void FourQuartersAreIdentity(int size)
    {
        Tensor images = Random(new Shape(2, 3, size, size));
        Tensor turned = images;
        for (int i = 0; i < 4; i++)
            turned = Rotation.Rotate(turned, 90);
        Near(images.Span, turned.Span, 1e-5f);
    }

    [Theory]
    [InlineData(1e5)]
    [InlineData(-1e300)]
    [InlineData(double.Epsilon)]
    public void AnyFiniteAngleStaysInTheImagesRange(double degrees)
    {
        foreach (float value in Rotation.Rotate(Random(new Shape(1, 1, 9, 4)), degrees).Span)
            Assert.InRange(value, -1.0001f, 1.0001f);
    }

    [Fact]
    public void AQuarterTurnsCounterClockwise()
    {
        // On the screen: 1 2 / 3 4 turns into 2 4 / 1 3.
        Tensor image = new(new Shape(1, 1, 2, 2), [1, 2, 3, 4]);
        Near([2, 4, 1, 3], Rotation.Rotate(image, 90).Span, 1e-6f);
    }

    [Fact]
    public void WhatComesFromOutsideIsZero()
    {
        Tensor image = new(new Shape(1, 1, 9, 9));
        image.Span.Fill(1);
        Tensor turned = Rotation.Rotate(image, 45);
        Assert.Equal(0, turned.Span[0]);
        Assert.Equal(1, turned.Span[4 * 9 + 4]);
    }

    [Fact]
    public void RefusesWhatCannotTurn()
    {
        DataFiles.Refuses(() => _ = new Rotation(2, 2, double.NaN), "NaN degrees");
        DataFiles.Refuses(() => _ = new Rotation(2, 2, double.PositiveInfinity), "finite");
        DataFiles.Refuses(() => _ = new Rotation(0, 2, 1), "0x2");
        DataFiles.Refuses(() => _ = new Rotation(1 << 20, 1 << 20, 1), "1048576x1048576");
        DataFiles.Refuses(() => Rotation.Rotate(new Tensor(new Shape(4, 4)), 1), "4x4");
        DataFiles.Refuses(() => Rotation.Rotate(new TensorDataSet(new Tensor(new Shape(1, 4)), [0], 1), 1), "samples of 4");
        float[] plane = new float[4];
        Assert.Throws<ArgumentException>(() => new Rotation(2, 2, 1).Apply(plane, plane));
        Assert.Throws<ArgumentException>(() => new Rotation(2, 2, 1).Apply(plane, new float[8]));
        Assert.Throws<ArgumentException>(() => new Rotation(3, 2, 1).Apply(plane, new float[4]));
    }
}
