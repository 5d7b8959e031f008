using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using Skiptune.Numerics;

namespace Skiptune.Data;

/// <summary>
/// Tables of numbers in CSV files (RFC 4180, UTF-8): a row is a sample. They are parsed once, into float32 in memory or in
/// a scratch file.
/// </summary>
public static class CsvFile
{
    // The longest cell: a number, or the name of a class.
    private const int LongestCell = 4096;

    /// <summary>Reads a file into memory; what one array cannot hold, more than 2 GB, goes to a scratch file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How; default: see <see cref="CsvOptions"/>.</param>
    /// <returns>Samples of one axis: the columns that are no label's, in their order.</returns>
    /// <exception cref="SkiptuneException">
    /// The file cannot be read, a row has more or fewer columns than the first, or a cell is no finite number; the error
    /// names line and column.
    /// </exception>
    public static RecordDataSet Read(string path, CsvOptions? options = null) => Open(path, options ?? new CsvOptions(), MemoryBudget.Unlimited());

    /// <summary>Reads a file: the samples are in memory if the budget allows it, else in a scratch file.</summary>
    internal static RecordDataSet Open(string path, CsvOptions options, MemoryBudget budget)
    {
        if (options.Delimiter is '"' or '\r' or '\n' or '\0' or '.' or '-' || char.IsAsciiLetterOrDigit(options.Delimiter))
            throw ErrorText.Of(path, $"cannot be cut at '{options.Delimiter}'; give a delimiter such as a comma, a semicolon or a tab");
        return DataFile.Read(path, stream => Read(path, stream, options, budget));
    }

    private static RecordDataSet Read(string path, FileStream stream, CsvOptions options, MemoryBudget budget)
    {
        CsvConfiguration configuration = new(CultureInfo.InvariantCulture)
        {
            Delimiter = options.Delimiter.ToString(),
            TrimOptions = TrimOptions.Trim,
            MaxFieldSize = LongestCell,
            CacheFields = true,
        };
        using LineBoundedReader text = new(new StreamReader(stream, Encoding.UTF8), path);
        try
        {
            using CsvParser parser = new(text, configuration);
            using Spool samples = new(budget, path, first: 0, most: long.MaxValue);
            (int length, Targets targets) = new CsvTable(path, options, samples).Read(parser);
            return RecordDataSet.Over(samples.Finish(), path, _ => (new RecordLayout(0, sizeof(float) * (long)length, new Shape(length), StoredType.Single), targets));
        }
        catch (CsvHelperException exception)
        {
            string line = exception.Context?.Parser is { } parser ? $" in line {parser.RawRow}" : "";
            throw ErrorText.Of(path, $"is no CSV file{line}: a quote is not where it may be, or a cell has more than {LongestCell} characters; correct it or give another delimiter", exception);
        }
    }
}
