using System.CommandLine;
using Skiptune.Cli.Arguments;
using Skiptune.Language.Classification;
using Skiptune.Language.Models;

namespace Skiptune.Cli.Commands.Language;

/// <summary>The classifier of a command: a model and the adapter of its training.</summary>
internal sealed class ClassifierArguments
{
    private readonly DecoderArguments _model;
    private readonly Option<string> _adapter = new("--adapter-path") { Description = "Adapter that 'skiptune lm classify train' wrote", HelpName = "folder", Required = true };

    public ClassifierArguments(Command command)
    {
        _model = new DecoderArguments(command);
        command.Add(_adapter);
    }

    public DecoderModel LoadModel(ParseResult parsed) => _model.Load(parsed);

    public TextClassifier Load(ParseResult parsed, DecoderModel model) => TextClassifier.Load(model, parsed.GetRequiredValue(_adapter));
}
