namespace Skiptune.Data;

/// <summary>Finds images and folders by name, in ordinal order, which is the same on every machine.</summary>
internal static class ImageNames
{
    public const string Supported = ".png, .pgm, .ppm; 8 bits a channel, so convert others to PNG";

    /// <summary>The folders in a folder, but for hidden ones.</summary>
    public static string[] Folders(string path) => List(path, () => Directory.EnumerateDirectories(path), _ => true);

    /// <summary>The images in a folder, but for hidden ones.</summary>
    public static string[] Images(string path) => List(path, () => Directory.EnumerateFiles(path), ImageFile.HasImageName);

    /// <summary>The files in a folder, but for hidden ones.</summary>
    public static string[] Files(string path) => List(path, () => Directory.EnumerateFiles(path), _ => true);

    private static string[] List(string path, Func<IEnumerable<string>> entries, Func<string, bool> wanted) =>
        DataFile.Guard(path, () => entries()
            .Where(entry => !Path.GetFileName(entry).StartsWith('.') && wanted(entry))
            .Order(StringComparer.Ordinal)
            .ToArray());
}
