namespace Skiptune.Data;

/// <summary>Pairs of IDX files, named as those of MNIST.</summary>
internal sealed class IdxForm : DataForm
{
    public override string Description => "IDX (train-images-idx3-ubyte beside train-labels-idx1-ubyte, also .gz)";

    public override bool Takes(string path)
    {
        string[] words = SplitNames.Words(path);
        return words.Contains("images") && words.Any(word => word.StartsWith("idx", StringComparison.Ordinal));
    }

    public override RecordDataSet Open(string path, DataSourceOptions options, SplitRole role, MemoryBudget budget) =>
        IdxPair.Open(path, LabelsOf(path), options.ClassCount, budget);

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
