namespace Skiptune.Data;

/// <summary>Several arrays in one file.</summary>
internal sealed class NpzForm : DataForm
{
    public override string Description => "NPZ (.npz with the arrays x and y)";

    public override bool Takes(string path) => EndsWith(path, ".npz");

    public override DataSet Open(string path, DataSourceOptions options) =>
        NpzFile.Read(path, options.SamplesName, options.TargetsName, options.Targets, options.ClassCount);
}
