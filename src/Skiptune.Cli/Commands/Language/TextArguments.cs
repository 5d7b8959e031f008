using System.CommandLine;
using Skiptune.Cli.Arguments;
using Skiptune.Data;
using Skiptune.Language.Chat;
using Skiptune.Language.FineTuning;
using Skiptune.Language.Models;

namespace Skiptune.Cli.Commands.Language;

/// <summary>The text of a command that trains: sequences to learn from, to measure on, and that should not get worse.</summary>
internal sealed class TextArguments
{
    private readonly Option<string> _data = new("--data") { Description = "Text file, or .jsonl with \"text\", \"prompt\" and \"completion\", or \"messages\"", HelpName = "file", Required = true };
    private readonly Option<string?> _valid = NewOption.OptionalText("--valid", "file", "Text to measure on [default: the part held back]");
    private readonly Option<double?> _validSplit = NewOption.OptionalReal("--valid-split", "share", "Hold back the last share of the data to measure on [default: 0.1 without --valid]");
    private readonly Option<string?> _retention = NewOption.OptionalText("--retention", "file", "Text that the base knows, measured too");
    private readonly Option<int> _length = NewOption.Integer("--sequence-length", "Tokens of a sequence", 128);
    private readonly Option<int?> _sequences = NewOption.OptionalInteger("--sequences", "Train on so many sequences, evenly over the text [default: all]");
    private readonly Option<int?> _validSequences = NewOption.OptionalInteger("--valid-sequences", "Measure on so many [default: 64]");

    private readonly Option<string?> _template = DecoderArguments.ChatTemplate();

    public TextArguments(Command command)
    {
        foreach (Option option in (Option[])[_data, _valid, _validSplit, _retention, _length, _sequences, _validSequences, _template])
            command.Add(option);
    }

    public (DataSet Train, DataSet? Validation, DataSet? Retention) Read(ParseResult parsed, DecoderModel model, int? sequences = null)
    {
        int length = Positive("--sequence-length", parsed.GetValue(_length));
        int? most = parsed.GetValue(_sequences) is { } wanted ? Positive("--sequences", wanted) : sequences;
        int mostValid = Positive("--valid-sequences", parsed.GetValue(_validSequences) ?? 64);
        ChatTemplate? template = parsed.GetValue(_template) is { } name ? UsageException.Guard(() => ChatTemplate.Named(name)) : null;
        string? valid = parsed.GetValue(_valid);
        double share = parsed.GetValue(_validSplit) ?? (valid is null ? 0.1 : 0);
        (TextData train, TextData? held) = TextData.Open(parsed.GetRequiredValue(_data)).Split(share);
        TextData? measured = valid is null ? held : TextData.Open(valid);
        return (
            train.Sequences(model.Tokenizer, length, most, template),
            measured?.Sequences(model.Tokenizer, length, mostValid, template),
            parsed.GetValue(_retention) is { } path ? TextData.Open(path).WholeSequences(model.Tokenizer, model.Config.Context, template) : null);
    }

    private static int Positive(string option, int value) => value >= 1 ? value : throw new UsageException($"{option} must be 1 or more, not {value}.");
}
