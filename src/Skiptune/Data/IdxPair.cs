using Skiptune.Numerics;

namespace Skiptune.Data;

/// <summary>Images and their labels in a pair of IDX files, in the layout of MNIST.</summary>
internal static class IdxPair
{
    /// <summary>Opens a pair, or images alone: they are in memory if the budget allows it.</summary>
    /// <param name="imagesPath">N x height x width bytes (one channel), or N x channels x height x width.</param>
    /// <param name="labelsPath">N bytes; null if nothing is known of the images.</param>
    /// <param name="classCount">The number of classes; null for the largest label + 1.</param>
    /// <param name="budget">What memory may be taken.</param>
    public static RecordDataSet Open(string imagesPath, string? labelsPath, int? classCount, MemoryBudget budget)
    {
        IdxContent images = IdxReader.Open(imagesPath, budget);
        return RecordDataSet.Over(images.Bytes, imagesPath, _ =>
        {
            Shape image = ImageShape(imagesPath, images.Extents);
            Targets targets = labelsPath is null
                ? Targets.None(images.Extents[0])
                : Labels(labelsPath, imagesPath, images.Extents[0], classCount, IdxFile.MaxBytes);
            return (new RecordLayout(images.Offset, image.Count, image, StoredType.Pixel), targets);
        });
    }

    /// <summary>The extents of one image, channels x height x width.</summary>
    /// <exception cref="SkiptuneException">The file holds no images.</exception>
    public static Shape ImageShape(string path, ReadOnlySpan<int> extents)
    {
        string text = string.Join('x', extents.ToArray());
        if (extents.Length is not (3 or 4))
            throw ErrorText.Of(path, $"holds {text}, but images have 3 axes (count, height, width) or 4 (count, channels, height, width); give the image file");
        if (extents.Contains(0))
            throw ErrorText.Of(path, $"holds {text}, which is no image at all; give a file with at least one");
        Shape image = new(extents[1..]);
        return image.Rank == 2 ? image.Prepend(1) : image;
    }

    /// <summary>The labels of images.</summary>
    /// <exception cref="SkiptuneException">The file cannot be read, or does not fit the images.</exception>
    public static Targets Labels(string path, string imagesPath, int count, int? classCount, int maxBytes)
    {
        IdxFile labels = IdxFile.Read(path, maxBytes);
        if (labels.Shape.Rank != 1)
            throw ErrorText.Of(path, $"holds {labels.Shape}, but labels have 1 axis; give the label file");
        if (labels.Shape[0] != count)
            throw ErrorText.Of(path, $"has {labels.Shape[0]} labels, but {imagesPath} has {count} images; give two files that belong together");
        int[] classes = new int[count];
        for (int i = 0; i < classes.Length; i++)
            classes[i] = labels.Values.Span[i];
        int known = classCount ?? classes.Max() + 1;
        LabelCheck.Run(path, classes, known);
        return Targets.Classes(classes, known);
    }
}
