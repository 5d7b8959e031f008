namespace Skiptune.Data;

/// <summary>An array a file, the targets in one named alike.</summary>
internal sealed class NpyForm : DataForm
{
    public override string Description => "NPY (x.npy, with y.npy beside it for targets)";

    // Targets are no samples: y.npy is opened with x.npy.
    public override bool Takes(string path) => EndsWith(path, ".npy") && !SplitNames.Words(path).Contains("y");

    public override RecordDataSet Open(string path, DataSourceOptions options, SplitRole role, MemoryBudget budget)
    {
        string? targets = options.TargetsPath ?? TargetsOf(path);
        bool wanted = options.Targets is not (TargetKind.None or TargetKind.Input);
        return NpyFile.Open(path, wanted && targets is not null ? NpyFile.ReadTargets(targets, options.Targets, options.ClassCount) : null, budget);
    }

    // The same name with y in place of the word x: x.npy, x_train.npy, train-X.npy.
    private static string? TargetsOf(string path)
    {
        string name = Path.GetFileName(path);
        for (int i = 0; i < name.Length; i++)
        {
            bool word = (i == 0 || !char.IsLetterOrDigit(name[i - 1])) && (i == name.Length - 1 || !char.IsLetterOrDigit(name[i + 1]));
            if (!word || name[i] is not ('x' or 'X'))
                continue;
            string targets = Path.Combine(Path.GetDirectoryName(path) ?? "", $"{name[..i]}{(name[i] == 'x' ? 'y' : 'Y')}{name[(i + 1)..]}");
            string lower = Path.Combine(Path.GetDirectoryName(path) ?? "", $"{name[..i]}y{name[(i + 1)..]}");
            return new[] { targets, lower }.FirstOrDefault(File.Exists);
        }
        return null;
    }
}
