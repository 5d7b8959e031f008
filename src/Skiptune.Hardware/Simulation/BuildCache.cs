using System.Collections.Concurrent;

namespace Skiptune.Hardware.Simulation;

/// <summary>What was built is kept in skiptune/rtl of the user's cache folder, each thing in a folder of its own, and built once.</summary>
internal static class BuildCache
{
    private static readonly ConcurrentDictionary<string, Lock> Building = new(StringComparer.Ordinal);

    /// <summary>The folder of a build.</summary>
    /// <param name="name">Its name, which tells it from all others: a hash of what goes into it.</param>
    /// <param name="product">The file that it is there for.</param>
    /// <param name="make">Builds it in the folder given.</param>
    public static string Get(string name, string product, Action<string> make)
    {
        string folder = Path.Combine(Root(), name);
        // Of one thing once; of several beside each other, because much of a build keeps one processor busy.
        lock (Building.GetOrAdd(folder, _ => new Lock()))
        {
            if (!File.Exists(Path.Combine(folder, product)))
                Make(folder, product, make);
        }
        return folder;
    }

    // It appears whole; another process may have been faster.
    private static void Make(string folder, string product, Action<string> make)
    {
        string work = $"{folder}.{Guid.NewGuid():n}";
        Directory.CreateDirectory(work);
        try
        {
            make(work);
            if (File.Exists(Path.Combine(folder, product)))
                return;
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
            Directory.Move(work, folder);
        }
        finally
        {
            if (Directory.Exists(work))
                Directory.Delete(work, recursive: true);
        }
    }

    private static string Root()
    {
        string? root = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        if (!Path.IsPathFullyQualified(root ?? ""))
            root = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        return Path.Combine(root!, "skiptune", "rtl");
    }
}
