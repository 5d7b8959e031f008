namespace Skiptune.Data;

/// <summary>Which part of Fashion-MNIST.</summary>
public enum FashionMnistSplit
{
    /// <summary>60,000 training images.</summary>
    Train,

    /// <summary>10,000 test images.</summary>
    Test,
}
