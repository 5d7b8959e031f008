using System.CommandLine;
using Skiptune.Cli.Arguments;
using Skiptune.Cli.Output;
using Skiptune.FineTuning;
using Skiptune.Language.Classification;
using Skiptune.Language.Models;

namespace Skiptune.Cli.Commands.Language;

/// <summary>lm classify evaluate: how many of labelled texts are recognised.</summary>
internal sealed class EvaluateClassifierCommand : ExampleCommand
{
    private readonly ClassifierArguments _classifier;
    private readonly LabelledTextArguments _texts;
    private readonly Option<string> _data = new("--data") { Description = $"Texts to measure on: {LabelledTextArguments.Files}", HelpName = "file", Required = true };
    private readonly Option<int> _threads = CommonOptions.Threads();
    private readonly Option<string?> _json = CommonOptions.Json();

    public EvaluateClassifierCommand()
        : base("evaluate", "Measure a classifier on labelled texts.", "skiptune lm classify evaluate --model stories260K.bin --adapter-path intents --data test.csv")
    {
        _classifier = new ClassifierArguments(this);
        Add(_data);
        _texts = new LabelledTextArguments(this);
        Add(_threads);
        Add(_json);
        SetAction(Run);
    }

    private int Run(ParseResult parsed)
    {
        JsonTarget json = new(parsed.GetValue(_json));
        using Interruption interruption = new();
        using DecoderModel model = _classifier.LoadModel(parsed);
        TextClassifier classifier = _classifier.Load(parsed, model);
        Evaluation evaluation = classifier.Evaluate(_texts.Open(parsed, parsed.GetRequiredValue(_data)), parsed.GetValue(_threads), interruption.Token);
        json.Text.WriteLine(DecoderArguments.Describe(model));
        ClassifierLines.Write(json.Text, evaluation, classifier.ClassNames);
        json.Write(writer =>
        {
            writer.WriteString("model", model.Name);
            ClassifierLines.Write(writer, evaluation, classifier.ClassNames);
        });
        return ExitCode.Ok;
    }
}
