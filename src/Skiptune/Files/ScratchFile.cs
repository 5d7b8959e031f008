using Microsoft.Win32.SafeHandles;

namespace Skiptune.Files;

/// <summary>
/// Files that last as long as they are open. Where the system allows it the name is removed at once, elsewhere when the
/// file is closed: the space comes back even if the process is killed.
/// </summary>
internal static class ScratchFile
{
    /// <summary>Makes an empty file for reading and writing, with a name of its own beside the path.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    public static SafeFileHandle Open(string path)
    {
        string scratch = $"{Path.GetFullPath(path)}.{Guid.NewGuid():n}.tmp";
        if (OperatingSystem.IsWindows())
            return File.OpenHandle(scratch, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose);
        SafeFileHandle file = File.OpenHandle(scratch, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
        File.Delete(scratch);
        return file;
    }
}
