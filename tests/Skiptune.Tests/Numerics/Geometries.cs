using Skiptune.Numerics;

namespace Skiptune.Tests.Numerics;

/// <summary>Random windows that fit at least once, and the corners that a random choice may miss.</summary>
internal static class Geometries
{
    private const int LargestKernel = 5;
    private const int LargestStep = 3;
    private const int LargestExtent = 14;

    public static IEnumerable<ConvolutionGeometry> Convolutions(int count)
    {
        SeededRandom random = new(11);
        foreach ((Window window, int height, int width) in Windows(count, padded: true))
        {
            int groups = 1 + random.NextInt32(3);
            bool depthwise = random.NextInt32(4) == 0;
            int inputs = depthwise ? groups : groups * (1 + random.NextInt32(3));
            int outputs = groups * (1 + random.NextInt32(depthwise ? 2 : 4));
            yield return new ConvolutionGeometry(inputs, height, width, outputs, groups, window);
        }
        yield return new ConvolutionGeometry(3, 9, 10, 13, 1, new Window(1, 1));
        yield return new ConvolutionGeometry(6, 14, 14, 16, 1, Window.Square(5));
        yield return new ConvolutionGeometry(1, 28, 28, 6, 1, Window.Square(5, pad: 2));
        // Channels with weights of their own: more than a vector has lanes, and planes of all sizes.
        foreach ((int channels, int size, int stride) in new[] { (40, 4, 1), (19, 9, 2), (9, 21, 1), (33, 1, 1) })
            yield return new ConvolutionGeometry(channels, size, size, channels, channels, Window.Square(3, stride: stride, pad: 1));
        yield return new ConvolutionGeometry(51, 6, 5, 17, 17, Window.Square(2));
        // A window as wide as the image, as over words or frequencies.
        yield return new ConvolutionGeometry(2, 9, 50, 9, 1, new Window(3, 50));
        yield return new ConvolutionGeometry(2, 7, 60, 4, 2, new Window(2, 57) { PadTop = 1 });
        // Strides far wider than the window, as no sensible network has.
        yield return new ConvolutionGeometry(1, 28, 28, 2, 1, Window.Square(2, stride: 5000, pad: 4990));
        yield return new ConvolutionGeometry(2, 9, 40, 2, 2, Window.Square(1, stride: 9));
    }

    /// <param name="count">How many.</param>
    /// <param name="padded">Whether a position may lie in the padding with all its cells.</param>
    public static IEnumerable<(Window Window, int Height, int Width)> Windows(int count, bool padded)
    {
        SeededRandom random = new(5);
        int found = 0;
        while (found < count)
        {
            int height = 1 + random.NextInt32(LargestExtent);
            int width = 1 + random.NextInt32(LargestExtent);
            int kernelHeight = 1 + random.NextInt32(LargestKernel);
            int kernelWidth = 1 + random.NextInt32(LargestKernel);
            Window window = new(kernelHeight, kernelWidth)
            {
                StrideY = 1 + random.NextInt32(LargestStep),
                StrideX = 1 + random.NextInt32(LargestStep),
                DilationY = 1 + random.NextInt32(LargestStep),
                DilationX = 1 + random.NextInt32(LargestStep),
                PadTop = random.NextInt32(padded ? LargestKernel : kernelHeight),
                PadLeft = random.NextInt32(padded ? LargestKernel : kernelWidth),
                PadBottom = random.NextInt32(padded ? LargestKernel : kernelHeight),
                PadRight = random.NextInt32(padded ? LargestKernel : kernelWidth),
            };
            if (window.OutputHeight(height) < 1 || window.OutputWidth(width) < 1)
                continue;
            found++;
            yield return (window, height, width);
        }
    }
}
