namespace Skiptune.Data;

/// <summary>One form that folders of samples can have: each file is a sample.</summary>
internal abstract class FolderForm
{
    /// <summary>All forms of folders.</summary>
    public static IReadOnlyList<FolderForm> All { get; } = [new ImageFolderForm(), new SoundFolderForm()];

    /// <summary>What lies in the folders.</summary>
    public abstract ClassFolders Files { get; }

    /// <summary>Opens a folder of one folder for each class.</summary>
    public abstract DataSet OpenClasses(string path, DataSourceOptions options);

    /// <summary>Opens a folder of files.</summary>
    public abstract DataSet OpenFiles(string path, DataSourceOptions options);

    /// <summary>The form of a folder, or null. Folders of classes win over files beside them, such as an image that shows the folder's contents.</summary>
    public static FolderForm? Of(string folder) =>
        All.FirstOrDefault(form => form.Files.HasClasses(folder)) ?? All.FirstOrDefault(form => form.Files.HasFiles(folder));

    /// <summary>Opens a folder that is of this form.</summary>
    public DataSet Open(string path, DataSourceOptions options) =>
        Files.HasClasses(path) ? OpenClasses(path, options) : OpenFiles(path, options);
}
