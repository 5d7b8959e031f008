using System.CommandLine;

namespace Skiptune.Cli.Commands.Language;

/// <summary>lm: everything about language models.</summary>
internal sealed class LanguageCommand : Command
{
    public LanguageCommand()
        : base("lm", "Language models: generate text, chat, fine-tune, evaluate, compare methods, classify texts.")
    {
        Add(new GenerateTextCommand());
        Add(new ChatCommand());
        Add(new FineTuneTextCommand());
        Add(new EvaluateTextCommand());
        Add(new CompareTextCommand());
        Add(new ClassifyCommand());
    }
}
