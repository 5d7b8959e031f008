using System.CommandLine;

namespace Skiptune.Cli.Arguments;

/// <summary>The store of a watch.</summary>
internal static class StoreArgument
{
    public static Option<string> Store() => NewOption.Text("--store", "file", "The store that 'skiptune watch' keeps", "skiptune.db");
}
