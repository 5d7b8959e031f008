namespace Skiptune.Data;

/// <summary>Several arrays in one file, of one part or of all.</summary>
internal sealed class NpzForm : DataForm
{
    public override string Description => "NPZ (.npz with the arrays x and y, or x_train, y_train, x_test and y_test)";

    public override bool Takes(string path) => EndsWith(path, ".npz");

    public override IReadOnlyList<SplitRole> Roles(string path) => NpzFile.Roles(path);

    public override RecordDataSet Open(string path, DataSourceOptions options, SplitRole role, MemoryBudget budget) =>
        NpzFile.Open(path, options, role, budget);
}
