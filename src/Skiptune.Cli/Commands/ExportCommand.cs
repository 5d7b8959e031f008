using System.CommandLine;
using Skiptune.Cli.Arguments;
using Skiptune.Cli.Output;

namespace Skiptune.Cli.Commands;

/// <summary>export: base model and adapter in, one ordinary ONNX file out.</summary>
internal sealed class ExportCommand : ExampleCommand
{
    private readonly Option<string?> _adapterPath = CommonOptions.Adapter();
    private readonly Option<bool> _merge = new("--merge") { Description = "Take the adapter into the weights: the base's nodes and none besides; not for skip methods" };
    private readonly ModelArguments _model;
    private readonly Option<string> _out = NewOption.Text("--out", "file", "The ONNX file to write", "tuned.onnx");

    public ExportCommand()
        : base(
            "export",
            "Write a model with its adapter as one ONNX file that any runtime takes.",
            "skiptune export --model base.onnx --adapter-path adapters --out tuned.onnx")
    {
        _model = new ModelArguments(this, output: null);
        foreach (Option option in (Option[])[_adapterPath, _merge, _out])
            Add(option);
        SetAction(Run);
    }

    private int Run(ParseResult parsed)
    {
        string path = parsed.GetRequiredValue(_out);
        OutputPath.CheckFile(path);
        string? adapterPath = parsed.GetValue(_adapterPath);
        bool merge = parsed.GetValue(_merge);
        if (merge && adapterPath is null)
            throw new UsageException("--merge goes with --adapter-path; name the adapter");
        Model model = _model.LoadTuned(parsed, adapterPath, merge);
        model.SaveOnnx(path);
        int source = model.Graph.Opset;
        string opset = model.OnnxOpset == source ? $"opset {source}, as the source" : $"opset {model.OnnxOpset}, raised from the source's {source}";
        Console.WriteLine($"wrote       {path}, {new FileInfo(path).Length:N0} bytes, {opset}");
        return ExitCode.Ok;
    }
}
