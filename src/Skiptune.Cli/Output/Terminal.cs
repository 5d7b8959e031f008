using Spectre.Console;

namespace Skiptune.Cli.Output;

/// <summary>The console: live and coloured where somebody watches, plain lines elsewhere.</summary>
internal static class Terminal
{
    /// <summary>Columns of text that is not for a terminal, unless COLUMNS says otherwise.</summary>
    private const int PlainColumns = 100;

    /// <summary>True if standard output is a terminal.</summary>
    public static bool IsLive { get; } = !Console.IsOutputRedirected;

    public static int Columns { get; } = IsLive && Console.WindowWidth > 0 ? Console.WindowWidth : PlainColumnsWanted();

    /// <summary>A console that writes to the text.</summary>
    public static IAnsiConsole On(TextWriter text)
    {
        AnsiConsoleSettings settings = new() { Out = new AnsiConsoleOutput(text) };
        if (!IsLive || text != Console.Out)
        {
            settings.Ansi = AnsiSupport.No;
            settings.ColorSystem = ColorSystemSupport.NoColors;
            settings.Interactive = InteractionSupport.No;
        }
        IAnsiConsole console = AnsiConsole.Create(settings);
        console.Profile.Width = Columns;
        return console;
    }

    private static int PlainColumnsWanted() =>
        int.TryParse(Environment.GetEnvironmentVariable("COLUMNS"), out int columns) && columns is >= 40 and <= 1000 ? columns : PlainColumns;
}
