using System.Collections.Immutable;

namespace Skiptune.Hardware.Base;

/// <summary>A layer of the base in integers: y = (W x + b) / 2^Shift, x and y in 8 bits without sign, W in 8 with it.</summary>
/// <param name="Weights">Outputs x inputs; a convolution's inputs are kernel row, kernel column, channel; a dense layer's are in the accelerator's order.</param>
/// <param name="Bias">One for each output, in units of a product.</param>
/// <param name="Shift">What a sum is divided by, as a power of two: 0 .. 15.</param>
/// <param name="OutputExponent">An output y means y / 2^this.</param>
internal sealed record IntegerLayer(sbyte[,] Weights, int[] Bias, int Shift, int OutputExponent)
{
    public int Outputs => Weights.GetLength(0);

    public int Inputs => Weights.GetLength(1);

    /// <summary>The largest size that an output's sum can have, whatever the inputs.</summary>
    public int LargestSum(int output) => byte.MaxValue * Enumerable.Range(0, Inputs).Sum(i => Math.Abs((int)Weights[output, i])) + Math.Abs(Bias[output]);
}

/// <summary>The base network in integers: two convolutions and three dense layers. The last layer's outputs are scores in Q8.8.</summary>
internal sealed record IntegerNetwork(ImmutableArray<IntegerLayer> Layers)
{
    /// <summary>
    /// The adapters see tapped value k divided by 2^this, and A_k is 2^this times as large: the same h, but gradient descent
    /// moves A_k at 4^-this times the rate. One rate does not suit layers whose inputs differ so much in size.
    /// </summary>
    public ImmutableArray<int> TapGains { get; init; } = [0, 0, 0, 0, 0];

    /// <summary>The exponent of tapped values as the adapters see them: value v means v / 2^exponent.</summary>
    public int TapExponent(int tap) => TapGains[tap] + (tap == 0 ? Arithmetic.Formats.PixelExponent : Layers[tap - 1].OutputExponent);
}
