using Skiptune.Compare.Processes;

namespace Skiptune.Compare.Machine;

/// <summary>Which source was measured.</summary>
internal static class Commit
{
    /// <summary>The commit's name, with "+ changes" if files differ from it; null outside of a clone.</summary>
    public static string? Read(string root)
    {
        string? commit = Tool.TryRead("git", ["-C", root, "rev-parse", "--short=12", "HEAD"]);
        string? changes = Tool.TryRead("git", ["-C", root, "status", "--porcelain", "--untracked-files=no"]);
        return commit is null ? null : string.IsNullOrEmpty(changes) ? commit : $"{commit} + changes";
    }
}
