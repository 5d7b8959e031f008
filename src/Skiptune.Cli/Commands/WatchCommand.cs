using System.CommandLine;
using Skiptune.Cli.Arguments;
using Skiptune.Cli.Output;

namespace Skiptune.Cli.Commands;

/// <summary>watch: a stream of samples in, answers and what the loop does out.</summary>
internal sealed class WatchCommand : ExampleCommand
{
    private readonly Option<string> _store = StoreArgument.Store();
    private readonly Option<string?> _classNames = NewOption.OptionalText("--class-names", "names", "Names of the classes with commas, in their order; labels may be given by them");
    private readonly Option<string?> _retention = NewOption.OptionalText("--retention", "path", "Labelled data that a tuned version must still know, as --data of 'skiptune evaluate' takes them");
    private readonly Option<string?> _rehearsal = NewOption.OptionalText("--rehearsal", "path", "Labelled data that every fine-tuning trains on besides; no samples of --retention");
    private readonly Option<bool> _adapt = new("--adapt") { Description = "Collect labelled samples at once, without waiting for a drift" };
    private readonly Option<bool> _lines = new("--lines") { Description = "Write lines of JSON on a terminal too, not a live view" };
    private readonly ModelArguments _model;
    private readonly SourceArguments _sources;
    private readonly MonitorArguments _monitors;
    private readonly LoopArguments _loop;
    private readonly DataArguments _data;

    public WatchCommand()
        : base(
            "watch",
            "Watch a sensor's stream: answer, score anomalies, notice drift, fine-tune on labelled samples, validate, swap, roll back. Reads standard input unless a source is named; writes lines of JSON, on a terminal a live view.",
            "skiptune watch --model base.onnx --store skiptune.db --follow sensor.jsonl")
    {
        Add(_store);
        _model = new ModelArguments(this, ModelArguments.Output("What is answered and trained"));
        _sources = new SourceArguments(this);
        Add(_classNames);
        _monitors = new MonitorArguments(this);
        Add(_retention);
        Add(_rehearsal);
        _loop = new LoopArguments(this);
        _data = new DataArguments(this);
        Add(_adapt);
        Add(_lines);
        SetAction(Run);
    }

    private int Run(ParseResult parsed)
    {
        OutputPath.CheckFile(parsed.GetRequiredValue(_store));
        using Interruption interruption = new();
        Model model = _model.Load(parsed);
        return new Watch
        {
            Model = model,
            Store = parsed.GetRequiredValue(_store),
            ClassNames = parsed.GetValue(_classNames) is { Length: > 0 } names ? [.. names.Split(',', StringSplitOptions.TrimEntries)] : [],
            Options = WatchOptions.Read(parsed, model, _loop, _monitors, _data, parsed.GetValue(_retention), parsed.GetValue(_rehearsal)),
            Sources = (makeParser, listening) => _sources.Read(parsed, makeParser, listening),
            IsLive = Terminal.IsLive && !parsed.GetValue(_lines),
            Adapts = parsed.GetValue(_adapt),
        }.Run(interruption.Token);
    }
}
