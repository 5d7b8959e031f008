using Skiptune.Data;
using Skiptune.Numerics;

namespace Skiptune.Tests.Data;

public sealed class SampleFormatTests
{
    private static float[] Apply(SampleFormat format, Shape sample, params float[] values) =>
        format.Apply(new TensorDataSet(new Tensor(sample.Prepend(1), values), Targets.None(1))).ReadAll();

    [Fact]
    public void Growing_is_PyTorchs_bilinear()
    {
        // torch.nn.functional.interpolate(x, size=(4, 4), mode="bilinear", align_corners=False)
        float[] expected = [0, 0.25f, 0.75f, 1, 0.5f, 0.75f, 1.25f, 1.5f, 1.5f, 1.75f, 2.25f, 2.5f, 2, 2.25f, 2.75f, 3];
        Assert.Equal(expected, Apply(new SampleFormat { Height = 4, Width = 4 }, new Shape(1, 2, 2), 0, 1, 2, 3));
    }

    [Fact]
    public void Shrinking_does_not_smooth()
    {
        // Centres of the output at 1 and 4 of 0..5: only these pixels count.
        Assert.Equal([10, 40], Apply(new SampleFormat { Height = 1, Width = 2 }, new Shape(1, 1, 6), 0, 10, 20, 30, 40, 50));
    }

    [Fact]
    public void Grey_becomes_colour_and_colour_grey()
    {
        Assert.Equal([1, 2, 1, 2, 1, 2], Apply(new SampleFormat { Channels = 3 }, new Shape(1, 1, 2), 1, 2));
        float[] grey = Apply(new SampleFormat { Channels = 1 }, new Shape(3, 1, 1), 1, 10, 100);
        Assert.Equal(0.299f + 5.87f + 11.4f, Assert.Single(grey), 1e-5f);
    }

    [Fact]
    public void Normalising_is_by_channel_in_either_layout()
    {
        SampleFormat format = new() { Mean = [1, 2, 3], Std = [1, 2, 4] };
        float[] values = [1, 2, 2, 6, 3, 11];
        Assert.Equal([0, 1, 0, 2, 0, 2], Apply(format, new Shape(3, 1, 2), values));
        Assert.Equal([0, 0, 0, 1, 2, 2], Apply(format with { Layout = ImageLayout.Nhwc }, new Shape(3, 1, 2), values));
        DataSet last = (format with { Layout = ImageLayout.Nhwc }).Apply(new TensorDataSet(new Tensor(new Shape(1, 3, 1, 2), values), Targets.None(1)));
        Assert.Equal(new Shape(1, 2, 3), last.SampleShape);
    }

    [Fact]
    public void Vectors_are_reshaped_and_normalised_by_value()
    {
        Assert.Equal([0, 2], Apply(new SampleFormat { Mean = [1, 2], Std = [1, 2] }, new Shape(2), 1, 6));
        Assert.Equal([1, 3, 2, 4], Apply(new SampleFormat { Shape = new Shape(2, 1, 2), Layout = ImageLayout.Nhwc }, new Shape(4), 1, 2, 3, 4));
    }

    [Fact]
    public void Refuses_what_does_not_fit()
    {
        DataFiles.Refuses(() => Apply(new SampleFormat { Height = 2 }, new Shape(4), 1, 2, 3, 4), "images", "4");
        DataFiles.Refuses(() => Apply(new SampleFormat { Shape = new Shape(3) }, new Shape(4), 1, 2, 3, 4), "4 values", "3");
        DataFiles.Refuses(() => Apply(new SampleFormat { Mean = [1, 2] }, new Shape(3, 1, 1), 1, 2, 3), "mean has 2", "3 channels");
        DataFiles.Refuses(() => Apply(new SampleFormat { Std = [0] }, new Shape(1), 1), "std", "0");
        DataFiles.Refuses(() => Apply(new SampleFormat { Channels = 3 }, new Shape(2, 1, 1), 1, 2), "2 channels", "3");
        DataFiles.Refuses(() => Apply(new SampleFormat { Height = 0 }, new Shape(1, 1, 1), 1), "height");
    }
}
