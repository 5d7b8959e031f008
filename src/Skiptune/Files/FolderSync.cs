using System.Runtime.InteropServices;

namespace Skiptune.Files;

/// <summary>Makes new names in a folder as lasting as the content of the files.</summary>
internal static class FolderSync
{
    private const int ReadOnly = 0;

    /// <summary>
    /// Waits until renames and new files in the folder are on the disk. Elsewhere than on Windows (whose journal keeps
    /// names in order) a power cut may otherwise undo a rename although what was done after it, such as deleting the
    /// file before, is kept. File systems that cannot do it are left as they are.
    /// </summary>
    public static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows())
            return;
        // The base class library opens no folders.
        int descriptor = Open(folder, ReadOnly);
        if (descriptor < 0)
            return;
        _ = Synchronize(descriptor);
        _ = Close(descriptor);
    }

    [DllImport("libc", EntryPoint = "open")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Synchronize(int descriptor);

    [DllImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int descriptor);
}
