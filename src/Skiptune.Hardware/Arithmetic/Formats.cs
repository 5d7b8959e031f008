namespace Skiptune.Hardware.Arithmetic;

/// <summary>
/// The number formats, bits and bits behind the point: the C# side of hw/rtl/skiptune_pkg.sv (a test compares the two).
/// </summary>
internal static class Formats
{
    /// <summary>A and B as they are kept and updated.</summary>
    public const int MasterBits = 24;
    public const int MasterFraction = 20;

    /// <summary>A and B as they are multiplied: the top bits of the masters.</summary>
    public const int CopyBits = 16;
    public const int CopyFraction = MasterFraction - (MasterBits - CopyBits);

    /// <summary>A value of the cache is level * scale, level 0 .. 15.</summary>
    public const int LevelBits = 4;
    public const int ScaleBits = 16;
    public const int ScaleFraction = 14;

    /// <summary>h = A x, summed over the words of a layer, then rounded.</summary>
    public const int HiddenSumBits = 40;
    public const int HiddenSumFraction = 16;
    public const int HiddenBits = 16;
    public const int HiddenFraction = 8;

    /// <summary>The base's own scores as they are kept, and scores while adapters are added.</summary>
    public const int BaseScoreBits = 16;
    public const int BaseScoreFraction = 8;
    public const int ScoreBits = 30;
    public const int ScoreFraction = 12;

    /// <summary>exp(-d) and softmax.</summary>
    public const int DistanceBits = 16;
    public const int ExponentFraction = 6;
    public const int ProbabilityFraction = 16;
    public const int ReciprocalFraction = 33;

    /// <summary>Learning rate divided by the batch.</summary>
    public const int RateBits = 16;
    public const int RateFraction = 18;

    /// <summary>Gradients, times the rate: of scores, of h, and of one cache word's values.</summary>
    public const int GradientBits = 18;
    public const int GradientFraction = 22;
    public const int BlockGradientBits = 16;

    /// <summary>Base network: unsigned activations, signed weights, sums, biases of convolutions.</summary>
    public const int ActivationBits = 8;
    public const int WeightBits = 8;
    public const int SumBits = 24;

    /// <summary>The exponent of the pixels: a pixel p means p / 256.</summary>
    public const int PixelExponent = 8;
}
