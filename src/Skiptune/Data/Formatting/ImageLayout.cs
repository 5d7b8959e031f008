namespace Skiptune.Data;

/// <summary>The order of an image's axes in a model's input.</summary>
public enum ImageLayout
{
    /// <summary>Channels x height x width, as PyTorch has it.</summary>
    Nchw,

    /// <summary>Height x width x channels, as Keras has it.</summary>
    Nhwc,
}
