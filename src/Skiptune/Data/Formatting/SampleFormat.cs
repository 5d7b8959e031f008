using System.Collections.Immutable;
using Skiptune.Numerics;

namespace Skiptune.Data;

/// <summary>
/// What samples are made into before a model sees them, in this order: other extents, other channels, another size,
/// normalised, another layout. The default changes nothing.
/// </summary>
/// <remarks>
/// An image is a sample of 3 axes, channels x height x width. Grey becomes colour by repeating it; colour becomes grey by
/// 0.299 R + 0.587 G + 0.114 B. The size changes by bilinear interpolation between pixel centres (half-pixel centres,
/// edges repeated) without antialiasing, as <c>torch.nn.functional.interpolate(mode="bilinear")</c> does by default.
/// </remarks>
public sealed record SampleFormat
{
    /// <summary>Changes nothing.</summary>
    public static SampleFormat AsStored { get; } = new();

    /// <summary>The extents to see a sample with, such as 1x28x28 for 784 columns of a CSV file; null (the default) for those of the data. Sounds are cut or filled up to it.</summary>
    public Shape? Shape { get; init; }

    /// <summary>1 (grey) or 3 (colour); null (the default) for what the data have.</summary>
    public int? Channels { get; init; }

    /// <summary>Rows of an image; null (the default) for what the data have.</summary>
    public int? Height { get; init; }

    /// <summary>Columns of an image; null (the default) for what the data have.</summary>
    public int? Width { get; init; }

    /// <summary>
    /// What is subtracted: one number, or one for each channel of an image, or one for each value of a sample that is no
    /// image. Empty (the default) for 0. The pixels of image files, CIFAR and IDX are 0 .. 1 before this.
    /// </summary>
    public ImmutableArray<float> Mean { get; init; } = [];

    /// <summary>What is divided by, as many numbers as <see cref="Mean"/> may have; empty (the default) for 1.</summary>
    public ImmutableArray<float> Std { get; init; } = [];

    /// <summary>The order of an image's axes; default <see cref="ImageLayout.Nchw"/>.</summary>
    public ImageLayout Layout { get; init; }

    /// <summary>Whether some step is for images only.</summary>
    internal bool NeedsImages => Channels is not null || Height is not null || Width is not null || Layout != ImageLayout.Nchw;

    /// <summary>Whether nothing changes.</summary>
    internal bool ChangesNothing => Shape is null && !NeedsImages && Mean.IsDefaultOrEmpty && Std.IsDefaultOrEmpty;

    /// <summary>The samples in this format, made as they are read.</summary>
    /// <param name="data">The samples as stored.</param>
    /// <exception cref="SkiptuneException">The format does not fit the samples.</exception>
    public DataSet Apply(DataSet data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return ChangesNothing ? data : new FormattedDataSet(data, this);
    }
}
