namespace Skiptune.Tests.Fuzz;

/// <summary>One form of files: good ones, how to damage them, how to load them, and what memory that may take.</summary>
internal abstract class FuzzForm
{
    /// <summary>The name in the report and in the variable that repeats a case.</summary>
    public abstract string Name { get; }

    /// <summary>How many damaged files are made.</summary>
    public abstract int Cases { get; }

    /// <summary>Files that load.</summary>
    public abstract IReadOnlyList<byte[]> Seeds { get; }

    /// <summary>Loading a file of n bytes may allocate this many times n, and <see cref="FixedBytes"/>.</summary>
    public abstract int BytesPerByte { get; }

    /// <summary>What loading the smallest file may allocate: buffers of streams, parsers and pools.</summary>
    public virtual long FixedBytes => 256 * 1024;

    /// <summary>Damages a file.</summary>
    /// <param name="mutator">What decides how.</param>
    /// <param name="whole">The file.</param>
    /// <param name="other">Another good one, to take pieces from.</param>
    public abstract byte[] Mutate(Mutator mutator, byte[] whole, byte[] other);

    /// <summary>Puts a file where <see cref="Load"/> finds it.</summary>
    /// <returns>What errors start with.</returns>
    public abstract string Put(TempArea area, byte[] bytes);

    /// <summary>Loads the file, as far as programs go with one before they run.</summary>
    /// <param name="path">What <see cref="Put"/> gave.</param>
    public abstract void Load(string path);
}

/// <summary>The folder of a fuzz run.</summary>
internal sealed class TempArea(string folder)
{
    public string EmptyFolder(string name)
    {
        string path = Path.Combine(folder, name);
        if (Directory.Exists(path))
            Directory.Delete(path, recursive: true);
        Directory.CreateDirectory(path);
        return path;
    }

    public string Write(string name, byte[] bytes)
    {
        string path = Path.Combine(folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
