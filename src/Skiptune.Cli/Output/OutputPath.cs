namespace Skiptune.Cli.Output;

/// <summary>Notices before the work that its result could not be written.</summary>
internal static class OutputPath
{
    public static void CheckFile(string path)
    {
        if (path.Length == 0)
            throw new UsageException("the name of the output file is empty; name a file");
        if (Directory.Exists(path))
            throw new SkiptuneException($"{path}: is a directory; name a file in it");
        string folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? ".";
        if (!Directory.Exists(folder))
            throw new SkiptuneException($"{path}: the folder {folder} does not exist; make it first");
    }

    public static void CheckFolder(string path)
    {
        if (path.Length == 0)
            throw new UsageException("the name of the output folder is empty; name a folder");
        if (File.Exists(path))
            throw new SkiptuneException($"{path}: is a file; name a folder");
    }
}
