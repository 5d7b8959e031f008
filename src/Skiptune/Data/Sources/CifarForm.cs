namespace Skiptune.Data;

/// <summary>CIFAR-10 and CIFAR-100 in their binary version.</summary>
internal sealed class CifarForm : DataForm
{
    public override string Description => "CIFAR binary (.bin, .bin.gz)";

    public override bool Takes(string path) => EndsWith(path, ".bin") || EndsWith(path, ".bin.gz");

    public override RecordDataSet Open(string path, DataSourceOptions options, SplitRole role, MemoryBudget budget) => CifarFile.Open(path, options.Coarse, budget);
}
