namespace Skiptune.Data;

/// <summary>Lists folders and files by name, hidden ones left out, in ordinal order, which is the same on every machine.</summary>
internal static class FolderEntries
{
    /// <summary>The folders in a folder.</summary>
    public static string[] Folders(string path) => List(path, () => Directory.EnumerateDirectories(path), _ => true);

    /// <summary>The files in a folder.</summary>
    public static string[] Files(string path) => Files(path, _ => true);

    /// <summary>The files in a folder whose names are wanted.</summary>
    public static string[] Files(string path, Func<string, bool> wanted) => List(path, () => Directory.EnumerateFiles(path), wanted);

    private static string[] List(string path, Func<IEnumerable<string>> entries, Func<string, bool> wanted) =>
        DataFile.Guard(path, () => entries()
            .Where(entry => !Path.GetFileName(entry).StartsWith('.') && wanted(entry))
            .Order(StringComparer.Ordinal)
            .ToArray());
}
