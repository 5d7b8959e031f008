namespace Skiptune.Compare.Processes;

/// <summary>Where things lie in a clone.</summary>
internal static class Clone
{
    /// <summary>The folder that holds Skiptune.slnx.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>A script beside this project's source.</summary>
    public static string Peer(string name) => Path.Combine(Root, "bench", "Skiptune.Compare", "peers", name);

    private static string FindRoot()
    {
        foreach (string start in (string[])[Environment.CurrentDirectory, AppContext.BaseDirectory])
        {
            for (string? folder = start; folder is not null; folder = Path.GetDirectoryName(folder))
            {
                if (File.Exists(Path.Combine(folder, "Skiptune.slnx")))
                    return folder;
            }
        }
        throw new SkiptuneException("Skiptune.slnx is neither here nor above; run the command in a clone of the repository");
    }
}
