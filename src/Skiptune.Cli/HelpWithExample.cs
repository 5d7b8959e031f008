using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Skiptune.Cli;

/// <summary>The usual help, then the command's example.</summary>
internal sealed class HelpWithExample(HelpAction help) : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        int code = help.Invoke(parseResult);
        TextWriter output = parseResult.InvocationConfiguration.Output;
        switch (parseResult.CommandResult.Command)
        {
            case ExampleCommand command:
                output.WriteLine("Example:");
                output.WriteLine($"  {command.Example}");
                break;
            case RootCommand:
                output.WriteLine("Example:");
                output.WriteLine("  skiptune demo");
                break;
        }
        return code;
    }

    // An unknown word beside --help is no reason to refuse the help.
    public override bool ClearsParseErrors => true;
}
