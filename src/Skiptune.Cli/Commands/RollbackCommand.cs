using System.CommandLine;
using Skiptune.Cli.Arguments;
using Skiptune.Streaming.Store;

namespace Skiptune.Cli.Commands;

/// <summary>rollback: makes an earlier version answer again.</summary>
internal sealed class RollbackCommand : ExampleCommand
{
    private readonly Option<string> _store = StoreArgument.Store();
    private readonly Option<int?> _version = NewOption.OptionalInteger("--version", "The version, see 'skiptune versions' [default: the one before the active one]");

    public RollbackCommand()
        : base("rollback", "Make an earlier version answer again. A running watch takes it over within a second, another one when it starts.", "skiptune rollback --store skiptune.db --version 0")
    {
        Add(_store);
        Add(_version);
        SetAction(Run);
    }

    private int Run(ParseResult parsed)
    {
        (long version, bool isRunning) = LearnerRequest.Rollback(parsed.GetRequiredValue(_store), parsed.GetValue(_version));
        Console.WriteLine($"rollback    to version {version}: the watch {(isRunning ? "takes it over now" : "takes it over when it starts")}");
        return ExitCode.Ok;
    }
}
