namespace Skiptune.Data;

/// <summary>One form that data files can have.</summary>
internal abstract class DataForm
{
    /// <summary>All forms of files, the first that takes a name opens it.</summary>
    public static IReadOnlyList<DataForm> All { get; } = [new IdxForm(), new CifarForm(), new NpzForm(), new NpyForm(), new CsvForm()];

    /// <summary>The form in the list that an error gives.</summary>
    public abstract string Description { get; }

    /// <summary>Whether a file of this name holds samples in this form.</summary>
    public abstract bool Takes(string path);

    /// <summary>What a file has parts for; empty (for most forms always) if it is one part.</summary>
    public virtual IReadOnlyList<SplitRole> Roles(string path) => [];

    /// <summary>Opens a file, or a part of it. Its samples are in memory if the budget allows it, else read as they are needed.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How to open it.</param>
    /// <param name="role">Which part, for files that have several.</param>
    /// <param name="budget">What memory may be taken.</param>
    public abstract RecordDataSet Open(string path, DataSourceOptions options, SplitRole role, MemoryBudget budget);

    /// <summary>The form of a file by its name, or null.</summary>
    public static DataForm? Of(string path) => All.FirstOrDefault(form => form.Takes(path));

    /// <summary>Whether a name ends with a dot and this word, in any case.</summary>
    protected static bool EndsWith(string path, string extension) => path.EndsWith(extension, StringComparison.OrdinalIgnoreCase);
}
