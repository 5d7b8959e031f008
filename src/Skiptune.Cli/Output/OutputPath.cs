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
        Probe(path, folder);
    }

    public static void CheckFolder(string path)
    {
        if (path.Length == 0)
            throw new UsageException("the name of the output folder is empty; name a folder");
        if (File.Exists(path))
            throw new SkiptuneException($"{path}: is a file; name a folder");
        // The nearest folder that exists is where the rest would be made.
        string existing = Path.GetFullPath(path);
        while (!Directory.Exists(existing) && Path.GetDirectoryName(existing) is { } above)
        {
            if (File.Exists(above))
                throw new SkiptuneException($"{path}: {above} is a file; name another folder");
            existing = above;
        }
        Probe(path, existing);
    }

    // Permissions, read-only mounts and full disks show in no attribute: only writing tells.
    private static void Probe(string path, string folder)
    {
        string probe = Path.Combine(folder, $".{Guid.NewGuid():n}.tmp");
        try
        {
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SkiptuneException($"{path}: nothing can be written into {folder} ({exception.Message}); name another place", exception);
        }
    }
}
