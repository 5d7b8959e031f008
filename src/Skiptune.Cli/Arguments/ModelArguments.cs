using System.CommandLine;
using Skiptune.FineTuning;
using Skiptune.Onnx;

namespace Skiptune.Cli.Arguments;

/// <summary>The options of every command that takes a base model.</summary>
internal sealed class ModelArguments
{
    private readonly Option<string?> _model = NewOption.OptionalText("--model", "file", "Base model, ONNX [default: the embedded LeNet, trained on upright Fashion-MNIST]");
    private readonly Option<string?>? _output;
    private readonly DimensionArguments _dimensions;

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="output">The --output of the command; null for a command without it.</param>
    public ModelArguments(Command command, Option<string?>? output)
    {
        _output = output;
        command.Add(_model);
        if (output is not null)
            command.Add(output);
        _dimensions = new DimensionArguments(command);
    }

    /// <summary>The option that chooses a model's output.</summary>
    /// <param name="meaning">What it does in the command.</param>
    /// <param name="leftOut">What is taken where it is left out.</param>
    public static Option<string?> Output(string meaning, string leftOut = "the model's only output") =>
        NewOption.OptionalText("--output", "name", $"{meaning}: a value of the model or the node that makes it [default: {leftOut}]");

    /// <summary>The model's file.</summary>
    public string Path(ParseResult parsed) => parsed.GetValue(_model) ?? Assets.BaseModel;

    /// <summary>Loads the base model; the embedded one where none is named.</summary>
    /// <exception cref="SkiptuneException">The file cannot be read, or has no such output.</exception>
    public Model Load(ParseResult parsed) => Load(Path(parsed), _dimensions.Read(parsed), _output is null ? null : parsed.GetValue(_output));

    /// <summary>Loads a model and chooses its output.</summary>
    /// <exception cref="SkiptuneException">The file cannot be read, or has no such output.</exception>
    public static Model Load(string path, OnnxReadOptions options, string? output)
    {
        Model model = Model.Load(path, options);
        return output is null ? model : model.WithOutput(output);
    }

    /// <summary>Loads the base model with an adapter, or alone.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="adapterPath">The adapter's folder, or null for none.</param>
    /// <param name="merge">True to take the adapter into the weights.</param>
    /// <exception cref="SkiptuneException">A file cannot be read, or the adapter belongs to another base or cannot be merged.</exception>
    public Model LoadTuned(ParseResult parsed, string? adapterPath, bool merge = false)
    {
        Model model = Load(parsed);
        if (adapterPath is null)
            return model;
        Adapter adapter = Adapter.Load(adapterPath);
        try
        {
            Model tuned = model.WithAdapter(adapter, merge);
            // What is named counts, even beside a new head.
            return model.Output is { } output ? tuned.WithOutput(output) : tuned;
        }
        catch (SkiptuneException exception)
        {
            throw new SkiptuneException($"{adapterPath}: {exception.Message}", exception);
        }
    }

    /// <summary>The options as given, to be used again with the same model.</summary>
    public IEnumerable<(string Option, string Value)> Given(ParseResult parsed)
    {
        if (parsed.GetValue(_model) is { } path)
            yield return (_model.Name, path);
        foreach ((string, string) dimension in _dimensions.Given(parsed))
            yield return dimension;
    }
}
