using System.Runtime.InteropServices;

namespace Skiptune.Files;

/// <summary>
/// Opens what is a regular file, and only that: to open a pipe waits for whoever writes to it, perhaps for ever, and a
/// device may have no end.
/// </summary>
internal static class RegularFile
{
    // Larger than the runtime's record of a file in any version; its second number is the mode.
    private const int StatusInts = 64;
    private const int Mode = 1;
    private const int TypeMask = 0xF000;
    private const int Regular = 0x8000;
    private const int Directory = 0x4000;

    /// <summary>Opens a file for reading.</summary>
    /// <exception cref="IOException">It cannot be opened, or is a pipe, a socket or a device.</exception>
    public static FileStream OpenRead(string path)
    {
        if (!OperatingSystem.IsWindows())
            CheckType(path);
        FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        if (stream.CanSeek)
            return stream;
        stream.Dispose();
        throw NotRegular();
    }

    // What does not exist, or is a directory, opening it says best.
    private static void CheckType(string path)
    {
        int[] status = new int[StatusInts];
        if (Stat(path, status) == 0 && (status[Mode] & TypeMask) is not (Regular or Directory))
            throw NotRegular();
    }

    private static IOException NotRegular() => new("it is not a regular file");

    // The runtime's own shim, which hides that each system lays its stat out in another way; File offers no file type.
    [DllImport("libSystem.Native", EntryPoint = "SystemNative_Stat")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    private static extern int Stat([MarshalAs(UnmanagedType.LPUTF8Str)] string path, [Out] int[] status);
}
