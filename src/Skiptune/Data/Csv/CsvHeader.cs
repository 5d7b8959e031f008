namespace Skiptune.Data;

/// <summary>Whether the first row of a CSV file holds the names of its columns.</summary>
public enum CsvHeader
{
    /// <summary>It does if none of its columns but the label's holds a number, or if a label column is given by name.</summary>
    Detect,

    /// <summary>It does.</summary>
    Present,

    /// <summary>It is data.</summary>
    Absent,
}
