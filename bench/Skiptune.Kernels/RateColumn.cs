using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace Skiptune.Kernels;

/// <summary>What a call does, by the mean of its times.</summary>
/// <param name="name">The column's title.</param>
/// <param name="amount">Which part of the work counts; with nanoseconds, billions a second come out.</param>
internal sealed class RateColumn(string name, Func<Work, double> amount) : IColumn
{
    public string Id => name;

    public string ColumnName => name;

    public bool AlwaysShow => true;

    public ColumnCategory Category => ColumnCategory.Custom;

    public int PriorityInCategory => 0;

    public bool IsNumeric => true;

    public UnitType UnitType => UnitType.Dimensionless;

    public string Legend => $"{name} at the mean time";

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase)
    {
        Work? work = benchmarkCase.Parameters.Items.Select(item => item.Value).OfType<Work>().FirstOrDefault();
        double? nanoseconds = summary[benchmarkCase]?.ResultStatistics?.Mean;
        return work is null || nanoseconds is null || amount(work) == 0 ? "-" : (amount(work) / nanoseconds.Value).ToString("F2", CultureInfo.InvariantCulture);
    }

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) => GetValue(summary, benchmarkCase);

    public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;

    public bool IsAvailable(Summary summary) => true;
}
