using System.CommandLine;
using Skiptune.Cli.Arguments;
using Skiptune.Language.Classification;

namespace Skiptune.Cli.Commands.Language;

/// <summary>How files of labelled texts are read.</summary>
internal sealed class LabelledTextArguments
{
    public const string Files = "CSV with a header, or .jsonl with \"text\" and \"label\"";

    private readonly Option<string> _text = NewOption.Text("--text-column", "name", "The texts' column, or member of a line of JSON", "text");
    private readonly Option<string?> _label = NewOption.OptionalText("--label-column", "name", "That of the labels [default: label, or the only one beside the text]");

    public LabelledTextArguments(Command command)
    {
        command.Add(_text);
        command.Add(_label);
    }

    public LabelledTexts Open(ParseResult parsed, string path) => LabelledTexts.Open(path, new TextColumns(parsed.GetRequiredValue(_text), parsed.GetValue(_label)));

    public static int? Positive(string option, int? value) => value is null or >= 1 ? value : throw new UsageException($"{option} must be 1 or more, not {value}.");
}
