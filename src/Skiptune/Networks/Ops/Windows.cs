using Skiptune.Numerics;

namespace Skiptune.Networks;

/// <summary>Shape inference that convolution and pooling share.</summary>
internal static class Windows
{
    public static Shape Infer(string op, Window window, Shape input, int channels)
    {
        window.Check();
        if (input.Rank != 4)
            throw new SkiptuneException($"{op} takes a batch of CxHxW, not {input}");
        (int height, int width) = (window.OutputHeight(input[2]), window.OutputWidth(input[3]));
        if (height < 1 || width < 1)
            throw new SkiptuneException($"{op}'s window of {window.Height}x{window.Width} does not fit an input of {input}");
        return new Shape(input[0], channels, height, width);
    }
}
