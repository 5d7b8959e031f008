using Skiptune.Files;

namespace Skiptune.Data;

/// <summary>Runs what reads a data file, so that whatever goes wrong becomes one line that names it.</summary>
internal static class DataFile
{
    /// <summary>Opens a file and reads it.</summary>
    /// <exception cref="SkiptuneException">It cannot be opened or read, or its compressed data are damaged.</exception>
    public static T Read<T>(string path, Func<FileStream, T> read)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Guard(path, () =>
        {
            using FileStream stream = RegularFile.OpenRead(path);
            return read(stream);
        });
    }

    /// <summary>Runs an action on a file that fails as files do.</summary>
    public static T Guard<T>(string path, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (InvalidDataException exception)
        {
            throw ErrorText.Of(path, "its compressed data are damaged or cut; download or copy the file again", exception);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw ErrorText.Of(path, "there is no such file; check the path", exception);
        }
        catch (UnauthorizedAccessException exception) when (Directory.Exists(path))
        {
            throw ErrorText.Of(path, "is a directory; name a file in it", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw ErrorText.Of(path, $"cannot be read ({exception.Message}); check the file and its permissions", exception);
        }
    }
}
