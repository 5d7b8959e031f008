namespace Skiptune.Data;

/// <summary>Pairs of IDX files, named as those of MNIST.</summary>
internal sealed class IdxForm : DataForm
{
    private const int MaxClasses = 256;

    public override string Description => "IDX (train-images-idx3-ubyte beside train-labels-idx1-ubyte, also .gz)";

    public override bool Takes(string path)
    {
        string[] words = SplitNames.Words(path);
        return words.Contains("images") && words.Any(word => word.StartsWith("idx", StringComparison.Ordinal));
    }

    public override DataSet Open(string path, DataSourceOptions options)
    {
        if (LabelsOf(path) is { } labels)
        {
            ByteImageDataSet labelled = ByteImageDataSet.FromIdx(path, labels, options.ClassCount ?? MaxClasses);
            int largest = 0;
            foreach (int label in labelled.Labels)
                largest = Math.Max(largest, label);
            return labelled.WithTargets(Targets.Classes(labelled.Labels, options.ClassCount ?? largest + 1));
        }
        IdxFile images = IdxFile.Read(path);
        if (images.Shape.Rank is not (3 or 4) || images.Shape.Count == 0)
            throw ErrorText.Of(path, $"holds {images.Shape}, but images have 3 axes (count, height, width) or 4 (count, channels, height, width); give an image file");
        return new ByteImageDataSet(
            images.Values, images.Shape.Rank == 3 ? images.Shape.Row().Prepend(1) : images.Shape.Row(), Targets.None(images.Shape[0]));
    }

    private static string? LabelsOf(string path)
    {
        string name = Path.GetFileName(path)
            .Replace("images", "labels", StringComparison.OrdinalIgnoreCase)
            .Replace("idx3", "idx1", StringComparison.OrdinalIgnoreCase)
            .Replace("idx4", "idx1", StringComparison.OrdinalIgnoreCase);
        string labels = Path.Combine(Path.GetDirectoryName(path) ?? "", name);
        string plain = EndsWith(labels, ".gz") ? labels[..^3] : labels;
        return new[] { labels, plain, plain + ".gz" }.FirstOrDefault(File.Exists);
    }
}
