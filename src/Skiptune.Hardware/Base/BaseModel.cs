using Skiptune.Hardware.Arithmetic;

namespace Skiptune.Hardware.Base;

/// <summary>What the base makes of one image.</summary>
/// <param name="Taps">The five tapped values in the accelerator's order, 8 bits without sign; the first is the image.</param>
/// <param name="Scores">The base's scores, Q8.8.</param>
internal sealed record BaseResult(byte[][] Taps, short[] Scores);

/// <summary>The base array in C#: what hw/rtl/base_array.sv computes, value for value.</summary>
internal static class BaseModel
{
    private const int Kernel = 5;

    public static BaseResult Run(IntegerNetwork network, ReadOnlySpan<byte> image)
    {
        byte[] x1 = image.ToArray();
        byte[] x2 = ConvolveAndPool(network.Layers[0], x1, edge: LayerTable.ImageEdge, channels: 1, pad: 2);
        byte[] x3 = ConvolveAndPool(network.Layers[1], x2, edge: LayerTable.ImageEdge / 2, channels: 6, pad: 0);
        byte[] x4 = Activations(Sums(network.Layers[2], x3), network.Layers[2].Shift);
        byte[] x5 = Activations(Sums(network.Layers[3], x4), network.Layers[3].Shift);
        int[] sums = Sums(network.Layers[4], x5);
        short[] scores = [.. sums.Select(sum => Score(sum, network.Layers[4].Shift))];
        return new BaseResult([x1, x2, x3, x4, x5], scores);
    }

    /// <summary>Convolution 5x5, the largest of each 2x2 outputs, bias, ReLU, 8 bits. Place by place, channels together.</summary>
    public static byte[] ConvolveAndPool(IntegerLayer layer, byte[] x, int edge, int channels, int pad)
    {
        int pooled = (edge + 2 * pad - Kernel + 1) / 2;
        byte[] y = new byte[pooled * pooled * layer.Outputs];
        for (int place = 0; place < pooled * pooled; place++)
        {
            for (int output = 0; output < layer.Outputs; output++)
            {
                int best = int.MinValue;
                for (int corner = 0; corner < 4; corner++)
                    best = Math.Max(best, Window(layer, output, x, edge, channels, 2 * (place / pooled) + corner / 2 - pad, 2 * (place % pooled) + corner % 2 - pad));
                y[place * layer.Outputs + output] = Activation(best + layer.Bias[output], layer.Shift);
            }
        }
        return y;
    }

    /// <summary>W x + b of a dense layer.</summary>
    public static int[] Sums(IntegerLayer layer, byte[] x)
    {
        int[] sums = new int[layer.Outputs];
        for (int output = 0; output < sums.Length; output++)
        {
            int sum = layer.Bias[output];
            for (int i = 0; i < x.Length; i++)
                sum += layer.Weights[output, i] * x[i];
            sums[output] = sum;
        }
        return sums;
    }

    /// <summary>A sum as an activation: divided, 0 where it is negative, 255 where it is larger.</summary>
    public static byte Activation(int sum, int shift) => (byte)Math.Clamp(FixedPoint.Round(sum, shift), 0, byte.MaxValue);

    /// <summary>A sum of the last layer as a score: divided, limited to 16 bits.</summary>
    public static short Score(int sum, int shift) => (short)FixedPoint.Saturate(FixedPoint.Round(sum, shift), Formats.BaseScoreBits);

    private static byte[] Activations(int[] sums, int shift) => [.. sums.Select(sum => Activation(sum, shift))];

    private static int Window(IntegerLayer layer, int output, byte[] x, int edge, int channels, int top, int left)
    {
        int sum = 0;
        int weight = 0;
        for (int row = top; row < top + Kernel; row++)
        {
            for (int column = left; column < left + Kernel; column++)
            {
                bool inside = (uint)row < (uint)edge && (uint)column < (uint)edge;
                for (int channel = 0; channel < channels; channel++, weight++)
                {
                    if (inside)
                        sum += layer.Weights[output, weight] * x[(row * edge + column) * channels + channel];
                }
            }
        }
        return sum;
    }
}
