using System.Collections.Immutable;
using System.CommandLine;
using Skiptune.Cli.Arguments;
using Skiptune.Cli.Output;
using Skiptune.Comparison;
using Skiptune.Data;
using Skiptune.FineTuning;

namespace Skiptune.Cli.Commands;

/// <summary>What demo and compare have in common: their options, and what is done with model and data.</summary>
internal sealed class Comparing
{
    private static readonly ComparisonOptions Defaults = new();

    private readonly Option<int> _seeds = NewOption.Integer("--seeds", "Runs of each row with different seeds; the table shows their mean", Defaults.Seeds);
    private readonly Option<string?> _methods = NewOption.OptionalText("--methods", "a,b", "Rows, such as ft-last,skip2-lora or skip2-lora:int3 [default: all of the table]");
    private readonly TrainingArguments _training;
    private readonly RankArguments _rank;
    private readonly DataArguments _dataArguments;
    private readonly Option<string?> _json = CommonOptions.Json();

    public Comparing(Command command)
    {
        command.Add(_methods);
        command.Add(_seeds);
        _training = new TrainingArguments(command, Defaults.FineTuning);
        _rank = new RankArguments(command);
        _dataArguments = new DataArguments(command);
        command.Add(_json);
    }

    /// <param name="parsed">The command line.</param>
    /// <param name="modelPath">The base model's file.</param>
    /// <param name="load">Loads it.</param>
    /// <param name="data">The samples.</param>
    /// <param name="trainSamples">Training samples, or null for the usual number.</param>
    /// <param name="testSamples">Test samples, or null for the usual number.</param>
    /// <param name="published">Whether the papers' figures belong to this task.</param>
    public int Run(ParseResult parsed, string modelPath, Func<Model> load, SampleSource data, int? trainSamples, int? testSamples, bool published)
    {
        ComparisonOptions options = UsageException.Guard(() => Read(parsed));
        JsonTarget json = new(parsed.GetValue(_json));
        using Interruption interruption = new();
        Model model = load();
        data = data with { Options = _dataArguments.Read(parsed, data.Path ?? "", model.Graph.Inputs[0].SampleShape, model.GetOutputLayer().Classes) };
        DataSet train = data.Load(Part.Train, trainSamples, CompareCommand.TrainSamples, interruption.Token);
        DataSet test = data.Load(Part.Test, testSamples, CompareCommand.TestSamples, interruption.Token);
        string name = modelPath == Assets.BaseModel ? "the embedded LeNet" : modelPath;
        string task = $"{name} fine-tuned on {train.Count} samples of {data}, {options.FineTuning.Epochs} epochs, tested on {test.Count}";
        json.Text.WriteLine($"model       {name}");
        json.Text.WriteLine($"data        {data}");
        json.Text.WriteLine($"samples     {train.Count:N0} to train on for {options.FineTuning.Epochs} epochs, {test.Count:N0} to test on");

        ComparisonResult Compare(IProgress<ComparisonProgress> progress) => MethodComparison.Run(model, train, test, options, progress, interruption.Token);
        ComparisonResult result = Terminal.IsLive && json.Text == Console.Out
            ? ComparisonBars.Run(options.Variants, options.Seeds, Compare)
            : Compare(new SynchronousProgress<ComparisonProgress>(progress => ComparisonLines.Write(json.Text, progress)));
        ComparisonTable.Write(json.Text, result, published);
        json.Write(writer => ComparisonJson.Write(writer, task, result, published));
        return ExitCode.Ok;
    }

    private ComparisonOptions Read(ParseResult parsed)
    {
        ImmutableArray<ComparisonVariant> variants = parsed.GetValue(_methods) is { } list ? ComparisonVariant.Parse(list) : Defaults.Variants;
        FineTuneOptions fineTuning = _rank.Apply(parsed, _training.Read(parsed));
        ComparisonOptions options = Defaults with { Variants = variants, FineTuning = fineTuning, Seeds = parsed.GetValue(_seeds) };
        options.Check();
        return options;
    }
}
