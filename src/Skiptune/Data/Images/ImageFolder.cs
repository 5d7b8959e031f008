using System.Buffers;
using System.Collections.Immutable;
using Skiptune.Numerics;

namespace Skiptune.Data;

/// <summary>
/// Images in files, decoded as they are read, so that a folder may be larger than memory. What is held is a path and a
/// target for each.
/// </summary>
public sealed class ImageFolder : DataSet
{
    private readonly string[] _files;
    private readonly ImageFormatter _formatter;

    private ImageFolder(string[] files, ImageFormatter formatter, Targets targets)
        : base(formatter.SampleShape, targets)
    {
        _files = files;
        _formatter = formatter;
    }

    /// <summary>The files this class opens.</summary>
    internal static ClassFolders ImageFiles { get; } = new("images (.png, .pgm, .ppm; 8 bits a channel, so convert others to PNG)", ImageFile.HasImageName);

    /// <summary>The files, in the order of the samples.</summary>
    public IReadOnlyList<string> Files => _files;

    /// <summary>
    /// Opens a folder with one folder for each class; the classes are numbered in the ordinal order of their names, and the
    /// images of a class follow in the ordinal order of theirs. Files of other kinds and hidden ones are passed over.
    /// </summary>
    /// <param name="path">The folder.</param>
    /// <param name="format">What the images are made into; by default they stay as they are and must all have one size.</param>
    /// <param name="classNames">The classes in the order a model knows them; empty (the default) for those that are there.</param>
    /// <exception cref="SkiptuneException">There is no image, a class is unknown, or an image has another size or kind.</exception>
    public static ImageFolder Open(string path, SampleFormat? format = null, ImmutableArray<string> classNames = default)
    {
        (string[] files, Targets targets) = ImageFiles.Labelled(path, classNames);
        return Create(files, format, targets);
    }

    /// <summary>Opens the images that lie in one folder, in the ordinal order of their names, of which nothing is known.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="format">What the images are made into; by default they stay as they are and must all have one size.</param>
    /// <exception cref="SkiptuneException">There is no image, or an image has another size or kind.</exception>
    public static ImageFolder OpenUnlabelled(string path, SampleFormat? format = null)
    {
        (string[] files, Targets targets) = ImageFiles.Unlabelled(path);
        return Create(files, format, targets);
    }

    /// <inheritdoc/>
    protected override void ReadSamples(ReadOnlySpan<int> indices, Span<float> destination)
    {
        int length = SampleShape.Count;
        for (int i = 0; i < indices.Length; i++)
            ReadImage(_files[indices[i]], destination.Slice(i * length, length));
    }

    private static ImageFolder Create(string[] files, SampleFormat? format, Targets targets)
    {
        format ??= SampleFormat.AsStored;
        if (format.Shape is not null)
            throw ErrorText.Of(files[0], "is an image, which has its own shape; give channels, height and width instead");
        ImageSize first = ImageFile.ReadSize(files[0]);
        int planes = first.Planes;
        // All sizes are looked at now: an error in the middle of a run would come too late.
        foreach (string file in files.AsSpan(1))
        {
            ImageSize size = ImageFile.ReadSize(file);
            planes = Math.Max(planes, size.Planes);
            if ((format.Height is null && size.Height != first.Height) || (format.Width is null && size.Width != first.Width))
                throw ErrorText.Of(file, $"has {size.Width}x{size.Height} pixels, but {Path.GetFileName(files[0])} has {first.Width}x{first.Height}; give a height and a width to make all images alike");
        }
        // One image in colour among grey ones: the grey ones become colour.
        return new ImageFolder(files, new ImageFormatter(format, new Shape(planes, first.Height, first.Width)), targets);
    }

    private void ReadImage(string file, Span<float> destination)
    {
        ByteImage image = ImageFile.Read(file);
        Shape stored = image.Size.Shape;
        float[] buffer = ArrayPool<float>.Shared.Rent(stored.Count);
        try
        {
            Span<float> planes = buffer.AsSpan(0, stored.Count);
            image.CopyPlanes(planes);
            _formatter.Write(planes, stored, destination);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(buffer);
        }
    }
}
