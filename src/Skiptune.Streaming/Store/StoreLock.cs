namespace Skiptune.Streaming.Store;

/// <summary>Keeps a second writer away from a store for as long as the first one lives; the system releases it when the process dies.</summary>
internal static class StoreLock
{
    /// <summary>Takes the lock.</summary>
    /// <param name="store">The store's file.</param>
    /// <exception cref="SkiptuneException">Another process has it, or the folder cannot be written.</exception>
    public static FileStream Take(string store)
    {
        string path = store + ".lock";
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (DirectoryNotFoundException exception)
        {
            throw new SkiptuneException($"{store}: the folder does not exist; make it first", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SkiptuneException($"{store}: is in use by another process, or its folder cannot be written ({exception.Message}); stop the other one first", exception);
        }
    }

    /// <summary>True if a process has the lock.</summary>
    public static bool IsTaken(string store)
    {
        try
        {
            using FileStream free = new(store + ".lock", FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }
}
