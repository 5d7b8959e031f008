using System.CommandLine;
using Skiptune.Cli.Arguments;
using Skiptune.Cli.Output;

namespace Skiptune.Cli.Commands;

/// <summary>export: base model and adapter in, one ordinary ONNX file out.</summary>
internal sealed class ExportCommand : ExampleCommand
{
    private readonly Option<string?> _model = CommonOptions.Model();
    private readonly Option<string?> _adapterPath = CommonOptions.Adapter();
    private readonly Option<string> _out = NewOption.Text("--out", "file", "The ONNX file to write", "tuned.onnx");

    public ExportCommand()
        : base(
            "export",
            "Write a model with its adapter as one ONNX file that any runtime takes.",
            "skiptune export --model base.onnx --adapter-path adapters --out tuned.onnx")
    {
        foreach (Option option in (Option[])[_model, _adapterPath, _out])
            Add(option);
        SetAction(Run);
    }

    private int Run(ParseResult parsed)
    {
        string path = parsed.GetRequiredValue(_out);
        OutputPath.CheckFile(path);
        TunedModel.Load(parsed.GetValue(_model), parsed.GetValue(_adapterPath)).SaveOnnx(path);
        Console.WriteLine($"wrote       {path}, {new FileInfo(path).Length:N0} bytes");
        return ExitCode.Ok;
    }
}
