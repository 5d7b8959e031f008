using System.CommandLine;
using Skiptune.Cli.Arguments;
using Skiptune.Cli.Output;

namespace Skiptune.Cli.Commands;

/// <summary>methods: every name that other commands' options take.</summary>
internal sealed class MethodsCommand : ExampleCommand
{
    public MethodsCommand()
        : base("methods", "List methods, cache formats, optimizers and schedules.", "skiptune methods --json -")
    {
        Option<string?> json = CommonOptions.Json();
        Add(json);
        SetAction(parsed =>
        {
            JsonTarget target = new(parsed.GetValue(json));
            if (target.Text != TextWriter.Null)
                MethodsTable.Write(target.Text);
            target.Write(MethodsJson.Write);
            return ExitCode.Ok;
        });
    }
}
