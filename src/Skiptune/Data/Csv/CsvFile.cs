using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;

namespace Skiptune.Data;

/// <summary>Tables of numbers in CSV files (RFC 4180, UTF-8), held in memory as float32: a row is a sample.</summary>
public static class CsvFile
{
    // The longest cell: a number, or the name of a class.
    private const int LongestCell = 4096;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How; default: see <see cref="CsvOptions"/>.</param>
    /// <returns>Samples of one axis: the columns that are no label's, in their order.</returns>
    /// <exception cref="SkiptuneException">
    /// The file cannot be read, a row has more or fewer columns than the first, or a cell is no finite number; the error
    /// names line and column.
    /// </exception>
    public static DataSet Read(string path, CsvOptions? options = null)
    {
        options ??= new CsvOptions();
        if (options.Delimiter is '"' or '\r' or '\n' or '\0' or '.' or '-' || char.IsAsciiLetterOrDigit(options.Delimiter))
            throw ErrorText.Of(path, $"cannot be cut at '{options.Delimiter}'; give a delimiter such as a comma, a semicolon or a tab");
        return DataFile.Read(path, stream => Read(path, stream, options));
    }

    private static DataSet Read(string path, FileStream stream, CsvOptions options)
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
            return new CsvTable(path, options).Read(parser);
        }
        catch (CsvHelperException exception)
        {
            string line = exception.Context?.Parser is { } parser ? $" in line {parser.RawRow}" : "";
            throw ErrorText.Of(path, $"is no CSV file{line}: a quote is not where it may be, or a cell has more than {LongestCell} characters; correct it or give another delimiter", exception);
        }
    }
}
