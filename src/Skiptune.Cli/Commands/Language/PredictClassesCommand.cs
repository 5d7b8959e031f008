using System.CommandLine;
using Skiptune.Cli.Arguments;
using Skiptune.Cli.Output;
using Skiptune.Language.Classification;
using Skiptune.Language.Models;

namespace Skiptune.Cli.Commands.Language;

/// <summary>lm classify predict: texts in, labels and their probabilities out.</summary>
internal sealed class PredictClassesCommand : ExampleCommand
{
    private readonly ClassifierArguments _classifier;
    private readonly Option<string[]> _text = new("--text") { Description = "A text; may be given several times", HelpName = "text" };
    private readonly Option<string?> _data = NewOption.OptionalText("--data", "file", "Texts: .csv with a header, .jsonl, or a text a line");
    private readonly Option<string> _column = NewOption.Text("--text-column", "name", "The texts' column, or member of a line of JSON", "text");
    private readonly Option<int> _top = NewOption.Integer("--top", "Labels of each text, the likeliest first", 1);
    private readonly Option<int> _threads = CommonOptions.Threads();
    private readonly Option<string?> _json = CommonOptions.Json();

    public PredictClassesCommand()
        : base("predict", "Label texts.", "skiptune lm classify predict --model stories260K.bin --adapter-path intents --text \"Where is my card?\"")
    {
        _classifier = new ClassifierArguments(this);
        foreach (Option option in (Option[])[_text, _data, _column, _top, _threads, _json])
            Add(option);
        SetAction(Run);
    }

    private int Run(ParseResult parsed)
    {
        string[] texts = parsed.GetValue(_text) ?? [];
        string? file = parsed.GetValue(_data);
        if (texts.Length > 0 == file is not null)
            throw new UsageException("give --text or --data.");
        if (texts.Any(string.IsNullOrWhiteSpace))
            throw new UsageException("--text is empty.");
        int top = LabelledTextArguments.Positive("--top", parsed.GetValue(_top))!.Value;
        JsonTarget json = new(parsed.GetValue(_json));
        using Interruption interruption = new();
        using DecoderModel model = _classifier.LoadModel(parsed);
        TextClassifier classifier = _classifier.Load(parsed, model);
        IReadOnlyList<string> all = file is null ? texts : LabelledTexts.Open(file, new TextColumns(parsed.GetRequiredValue(_column))).Texts;
        (string Text, (string Label, double Probability)[] Classes)[] answers =
        [
            .. classifier.Predict(all, parsed.GetValue(_threads), interruption.Token)
                .Select(answer => (answer.Text, classifier.ClassNames.Zip(answer.Probabilities).OrderByDescending(pair => pair.Second).Take(top).ToArray())),
        ];
        foreach ((string text, (string Label, double Probability)[] classes) in answers)
            json.Text.WriteLine($"{string.Join(", ", classes.Select(pair => $"{pair.Label} {pair.Probability:F3}"))}\t{text.ReplaceLineEndings(" ")}");
        json.Write(writer =>
        {
            writer.WriteStartArray("texts");
            foreach ((string text, (string Label, double Probability)[] classes) in answers)
            {
                writer.WriteStartObject();
                writer.WriteString("text", text);
                writer.WriteString("label", classes[0].Label);
                writer.WriteNumber("probability", classes[0].Probability);
                writer.WriteStartArray("classes");
                foreach ((string label, double probability) in classes)
                {
                    writer.WriteStartObject();
                    writer.WriteString("label", label);
                    writer.WriteNumber("probability", probability);
                    writer.WriteEndObject();
                }
                writer.WriteEndArray();
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
        });
        return ExitCode.Ok;
    }
}
