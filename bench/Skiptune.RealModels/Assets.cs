using System.IO.Compression;

namespace Skiptune.RealModels;

/// <summary>The folder of models and data.</summary>
internal sealed record Assets(string Folder)
{
    /// <summary>The path of a file or folder in it.</summary>
    public string this[string name] => Path.Combine(Folder, name);

    /// <summary>The entries of an archive in it, in ordinal order: name and bytes.</summary>
    public IEnumerable<(string Name, byte[] Bytes)> Unzip(string name)
    {
        using ZipArchive archive = ZipFile.OpenRead(this[name]);
        foreach (ZipArchiveEntry entry in archive.Entries.Where(entry => entry.Name.Length > 0).OrderBy(entry => entry.Name, StringComparer.Ordinal))
        {
            using Stream stream = entry.Open();
            using MemoryStream bytes = new();
            stream.CopyTo(bytes);
            yield return (entry.Name, bytes.ToArray());
        }
    }
}
