using System.CommandLine;
using Skiptune.Cli.Arguments;
using Skiptune.Cli.Output;
using Skiptune.FineTuning;

namespace Skiptune.Cli.Commands;

/// <summary>inspect: what is in a model, and what fine-tuning it would take.</summary>
internal sealed class InspectCommand : ExampleCommand
{
    private readonly Argument<string> _model = new("model") { Description = "The ONNX file" };
    private readonly Option<string?> _output = ModelArguments.Output("The output to look at");
    private readonly DimensionArguments _dimensions;
    private readonly Option<string?> _json = CommonOptions.Json();

    public InspectCommand()
        : base(
            "inspect",
            "List a model's layers, shapes, parameters and taps, and what a sample takes in each cache format.",
            "skiptune inspect base.onnx")
    {
        Add(_model);
        Add(_output);
        _dimensions = new DimensionArguments(this);
        Add(_json);
        SetAction(Run);
    }

    private int Run(ParseResult parsed)
    {
        JsonTarget json = new(parsed.GetValue(_json));
        ModelInspection inspection = ModelArguments.Load(parsed.GetRequiredValue(_model), _dimensions.Read(parsed), parsed.GetValue(_output)).Inspect();
        if (json.Text != TextWriter.Null)
            InspectionTables.Write(json.Text, inspection);
        json.Write(writer => InspectionJson.Write(writer, inspection));
        return ExitCode.Ok;
    }
}
