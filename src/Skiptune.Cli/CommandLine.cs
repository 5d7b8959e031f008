using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using Skiptune.Cli.Commands;
using Skiptune.Cli.Commands.Language;

namespace Skiptune.Cli;

/// <summary>All commands.</summary>
internal static class CommandLine
{
    private static readonly InvocationConfiguration Configuration = new()
    {
        EnableDefaultExceptionHandler = false,
        // The commands that can stop halfway handle signals themselves.
        ProcessTerminationTimeout = null,
    };

    public static int Run(string[] args)
    {
        try
        {
            ParseResult parsed = MakeRoot().Parse(args.Length == 0 ? ["--help"] : args);
            if (parsed.Errors.Count > 0)
                throw new UsageException($"{Problem(parsed)} See '{CommandText(parsed)} --help'.");
            return parsed.Invoke(Configuration);
        }
        catch (Exception exception)
        {
            return Failure.Report(exception);
        }
    }

    private static RootCommand MakeRoot()
    {
        RootCommand root = new("Fine-tunes neural networks on the device they run on: Skip2-LoRA and its baselines over ONNX models.")
        {
            new DemoCommand(),
            new CompareCommand(),
            new FineTuneCommand(),
            new EvaluateCommand(),
            new PredictCommand(),
            new InspectCommand(),
            new ExportCommand(),
            new PretrainCommand(),
            new MethodsCommand(),
            new WatchCommand(),
            new HistoryCommand(),
            new VersionsCommand(),
            new RollbackCommand(),
            new FpgaCommand(),
            new LanguageCommand(),
        };
        root.HelpName = "skiptune";
        foreach (Option option in root.Options)
        {
            if (option is HelpOption { Action: HelpAction action } help)
                help.Action = new HelpWithExample(action);
        }
        return root;
    }

    // "A command is required" is true, but says less than the word that is none.
    private static string Problem(ParseResult parsed) => parsed.UnmatchedTokens.Count > 0
        ? $"'{parsed.UnmatchedTokens[0]}' is not a command or an option here."
        : parsed.Errors[0].Message;

    private static string CommandText(ParseResult parsed)
    {
        string text = "";
        for (SymbolResult? result = parsed.CommandResult; result is CommandResult { Command: not RootCommand } command; result = result.Parent)
            text = $" {command.Command.Name}{text}";
        return $"skiptune{text}";
    }
}
