namespace Skiptune.Streaming.Tests;

/// <summary>Data of others, in SKIPTUNE_ASSETS or ../shared/assets beside the repository; tests that need some skip without it, and say so.</summary>
internal static class AssetFiles
{
    /// <summary>The path of a file or folder; skips the test where it is absent.</summary>
    public static string Path(string name)
    {
        string path = System.IO.Path.Combine(Folder(), name);
        Assert.SkipUnless(File.Exists(path) || Directory.Exists(path), $"there is no {name} in SKIPTUNE_ASSETS or ../shared/assets");
        return path;
    }

    private static string Folder()
    {
        if (Environment.GetEnvironmentVariable("SKIPTUNE_ASSETS") is { Length: > 0 } folder)
            return folder;
        string? root = AppContext.BaseDirectory;
        while (root is not null && !File.Exists(System.IO.Path.Combine(root, "Skiptune.slnx")))
            root = System.IO.Path.GetDirectoryName(root);
        return System.IO.Path.GetFullPath(System.IO.Path.Combine(root ?? "", "..", "shared", "assets"));
    }
}
