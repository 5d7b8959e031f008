using Skiptune.Numerics;

namespace Skiptune.Networks;

/// <summary>
/// What convolution and pooling share: shapes, and the view of a batch of lines (n x C x L) as one of planes of height 1
/// (n x C x 1 x L).
/// </summary>
internal static class Windows
{
    public static Shape Infer(string op, Window window, Shape input, int channels)
    {
        window.Check();
        Shape planes = AsPlanes(input);
        if (planes.Rank != 4)
            throw new SkiptuneException($"{op} takes a batch of CxHxW or CxL, not {input}");
        (int height, int width) = (window.OutputHeight(planes[2]), window.OutputWidth(planes[3]));
        if (height < 1 || width < 1 || (input.Rank == 3 && height != 1))
            throw new SkiptuneException($"{op}'s window of {window.Height}x{window.Width} does not fit an input of {input}");
        return input.Rank == 3 ? new Shape(input[0], channels, width) : new Shape(input[0], channels, height, width);
    }

    /// <summary>Lines as planes of height 1; other shapes as they are.</summary>
    public static Shape AsPlanes(Shape shape) => shape.Rank == 3 ? new Shape(shape[0], shape[1], 1, shape[2]) : shape;
}
