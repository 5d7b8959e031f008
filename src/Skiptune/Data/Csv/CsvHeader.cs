namespace Skiptune.Data;

/// <summary>Whether the first row of a CSV file holds the names of its columns.</summary>
public enum CsvHeader
{
    /// <summary>It does if a column other than the label's has no number in it, or if a label column is given by name.</summary>
    Detect,

    /// <summary>It does.</summary>
    Present,

    /// <summary>It is data.</summary>
    Absent,
}
