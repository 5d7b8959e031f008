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

    /// <summary>Opens a file.</summary>
    public abstract DataSet Open(string path, DataSourceOptions options);

    /// <summary>The form of a file by its name, or null.</summary>
    public static DataForm? Of(string path) => All.FirstOrDefault(form => form.Takes(path));

    /// <summary>Whether a name ends with a dot and this word, in any case.</summary>
    protected static bool EndsWith(string path, string extension) => path.EndsWith(extension, StringComparison.OrdinalIgnoreCase);
}
