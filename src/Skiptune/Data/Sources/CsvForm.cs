namespace Skiptune.Data;

/// <summary>Tables.</summary>
internal sealed class CsvForm : DataForm
{
    public override string Description => "CSV (.csv, .tsv)";

    public override bool Takes(string path) => EndsWith(path, ".csv") || EndsWith(path, ".tsv");

    public override RecordDataSet Open(string path, DataSourceOptions options, SplitRole role, MemoryBudget budget) => CsvFile.Open(path, new CsvOptions
    {
        Targets = options.Targets ?? TargetKind.Classes,
        LabelColumns = options.LabelColumns,
        Header = options.Header,
        Delimiter = options.Delimiter ?? (EndsWith(path, ".tsv") ? '\t' : ','),
        ClassNames = options.ClassNames,
        ClassCount = options.ClassCount,
    }, budget);
}
