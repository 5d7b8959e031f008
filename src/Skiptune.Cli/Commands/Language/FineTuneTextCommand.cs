using System.CommandLine;
using System.Diagnostics;
using Skiptune.Cli.Arguments;
using Skiptune.Cli.Output;
using Skiptune.Data;
using Skiptune.FineTuning;
using Skiptune.Language.FineTuning;
using Skiptune.Language.Models;

namespace Skiptune.Cli.Commands.Language;

/// <summary>lm finetune: a model and a text in, adapter files out.</summary>
internal sealed class FineTuneTextCommand : ExampleCommand
{
    private readonly DecoderArguments _model;
    private readonly TextArguments _text;
    private readonly Option<string> _method = NewOption.Text("--method", "name", string.Join(", ", DecoderMethods.Names), "skip2-lora");
    private readonly Option<string> _taps = NewOption.Text("--taps", "name", "What skip adapters read: residual (each block's input and the hidden state) or all (attention and feed-forward inputs too)", "residual");
    private readonly Option<string> _target = NewOption.Text("--skip-target", "name", "Where skip adapters add: hidden (before the frozen output matrix) or logits", "hidden");
    private readonly Option<string?> _with = NewOption.OptionalText("--with", "name", "ft-last trains the output matrix beside skip adapters");
    private readonly Option<string?> _cache = NewOption.OptionalText("--cache", "format", "Forward cache, see 'skiptune methods' [default: int4 for skip2-lora, else none]");
    private readonly Option<string?> _cachePath = NewOption.OptionalText("--cache-path", "file", "Keep the cache in a file mapped into memory [default: in memory]");
    private readonly Option<int> _steps = NewOption.Integer("--steps-per-report", "Steps from one line to the next", 10);
    private readonly Option<int?> _save = NewOption.OptionalInteger("--save-every", "Write the adapter every so many steps, into a folder of its own in that of the adapter, in place of the one before [default: only at the end]");
    private readonly Option<string?> _resume = NewOption.OptionalText("--resume-adapter-file", "path", "Start from an adapter that a run with the same method and rank wrote: its folder, or adapter_model.safetensors in it");
    private readonly Option<double?> _limit = NewOption.OptionalReal("--retention-limit", "nats", "Write nothing if the retention text's loss rises by more [default: off]");
    private readonly Option<string> _adapterPath = NewOption.Text("--adapter-path", "folder", "Where the adapter is written", "adapters");
    private readonly Option<string?> _json = CommonOptions.Json();
    private readonly TrainingArguments _training;
    private readonly RankArguments _rank;

    public FineTuneTextCommand()
        : base("finetune", "Fine-tune a language model and write the adapter.", "skiptune lm finetune --model stories260K.bin --data input.txt --sequences 256 --epochs 10 --adapter-path adapters")
    {
        _model = new DecoderArguments(this);
        _text = new TextArguments(this);
        foreach (Option option in (Option[])[_method, _taps, _target, _with])
            Add(option);
        _training = new TrainingArguments(this, new FineTuneOptions { BatchSize = 8 });
        _rank = new RankArguments(this);
        foreach (Option option in (Option[])[_cache, _cachePath, _steps, _save, _resume, _limit, _adapterPath, _json])
            Add(option);
        SetAction(Run);
    }

    private int Run(ParseResult parsed)
    {
        string folder = parsed.GetRequiredValue(_adapterPath);
        OutputPath.CheckFolder(folder);
        (DecoderMethodSettings settings, FineTuneOptions options) = UsageException.Guard(() => Read(parsed));
        JsonTarget json = new(parsed.GetValue(_json));
        double? limit = parsed.GetValue(_limit);
        int? every = parsed.GetValue(_save);
        if (every < 1)
            throw new UsageException($"--save-every must be 1 or more, not {every}.");
        using Interruption interruption = new();
        using DecoderModel model = _model.Load(parsed);
        (DataSet train, DataSet? validation, DataSet? retention) = _text.Read(parsed, model);
        if (limit is not null && retention is null)
            throw new UsageException("--retention-limit needs a text to measure: give --retention.");
        if (parsed.GetValue(_resume) is { } resumed)
            options = options with { Start = StartFrom(resumed, model, options) };
        using FineTuner tuner = model.CreateFineTuner(train.SampleShape[0], options);
        json.Text.WriteLine(DecoderArguments.Describe(model));
        json.Text.WriteLine($"text        {train.Count:N0} sequences of {train.SampleShape[0]} tokens");
        json.Text.WriteLine(tuner.Plan);
        double? before = retention is null ? null : model.Evaluate(null, retention, options.Threads, interruption.Token);
        string? saved = null;
        StepLines lines = new(json.Text, parsed.GetValue(_steps));
        tuner.Steps = new SynchronousProgress<StepProgress>(step =>
        {
            lines.Report(step);
            if (step.Step % every != 0)
                return;
            saved = AdapterCheckpoints.Save(tuner.Snapshot(), settings, folder, step.Step, former: saved);
            json.Text.WriteLine($"Iter {step.Step}: Saved adapter weights to {saved}.");
        });
        FineTuneResult result = tuner.Fit(train, cancellationToken: interruption.Token);
        if (result.Epochs == 0)
            throw new SkiptuneException($"interrupted before the end of the first epoch: {(saved is null ? "nothing was written" : $"what there is lies in {saved}, go on with --resume-adapter-file")}");
        double? nats = validation is null ? null : model.Evaluate(result.Adapter, validation, options.Threads);
        double? after = retention is null ? null : model.Evaluate(result.Adapter, retention, options.Threads);
        json.Text.WriteLine($"time        {result.Seconds:F2} s, of it {result.FillSeconds:F2} s filling the cache of {result.CacheBytes / 1e6:N1} MB{(result.Cancelled ? $"; stopped after epoch {result.Epochs}" : "")}");
        if (nats is not null)
            json.Text.WriteLine($"validation  {nats:F4} nats per token");
        if (after is not null)
            json.Text.WriteLine($"retention   {after:F4} nats per token, {before:F4} before");
        if (after - before > limit)
            throw new SkiptuneException($"the retention text's loss rose by {after - before:F4} nats per token, more than {limit}: no adapter was written; use fewer epochs or a smaller learning rate");
        DecoderAdapter.Save(result.Adapter, settings, folder);
        json.Text.WriteLine($"adapter     {folder}");
        json.Write(writer =>
        {
            writer.WriteString("method", options.Method.Name);
            writer.WriteNumber("seconds", result.Seconds);
            writer.WriteNumber("fill_seconds", result.FillSeconds);
            writer.WriteNumber("cache_bytes", result.CacheBytes);
            writer.WriteNumber("trainable_parameters", result.TrainableParameters);
            writer.WriteNumber("final_loss", result.FinalLoss);
            if (nats is { } validated)
                writer.WriteNumber("validation_nats", validated);
            if (after is { } kept)
            {
                writer.WriteNumber("retention_nats_before", before!.Value);
                writer.WriteNumber("retention_nats", kept);
            }
        });
        return ExitCode.Ok;
    }

    private (DecoderMethodSettings Settings, FineTuneOptions Options) Read(ParseResult parsed)
    {
        string? with = parsed.GetValue(_with);
        if (with is not (null or "ft-last"))
            throw new UsageException($"--with needs ft-last, not '{with}'.");
        string name = parsed.GetRequiredValue(_method);
        if (with is not null && !name.StartsWith("skip", StringComparison.Ordinal))
            throw new UsageException($"--with ft-last goes with skip2-lora or skip-lora, not with {name}.");
        DecoderMethodSettings settings = new(name, Choice.Parse<DecoderTaps>("--taps", parsed.GetRequiredValue(_taps)), Choice.Parse<SkipTarget>("--skip-target", parsed.GetRequiredValue(_target)), with is not null);
        FineTuneOptions options = _rank.Apply(parsed, _training.Read(parsed)) with
        {
            Method = settings.Method,
            Cache = parsed.GetValue(_cache) is { } cache ? CacheFormat.Parse(cache) : null,
            CachePath = parsed.GetValue(_cachePath),
        };
        options.Check();
        return (settings, options);
    }

    private static Adapter StartFrom(string path, DecoderModel model, FineTuneOptions options)
    {
        Adapter start = DecoderAdapter.Load(File.Exists(path) ? Path.GetDirectoryName(Path.GetFullPath(path))! : path);
        if (start.BaseFingerprint != model.Fingerprint)
            throw new SkiptuneException($"{path}: the adapter is one for another model");
        if (start.Method.Name != options.Method.Name || start.Rank != options.Rank || start.Alpha != (options.Alpha ?? options.Rank))
            throw new SkiptuneException($"{path}: the adapter has the method {start.Method.Name}, rank {start.Rank} and alpha {start.Alpha}; give the same options");
        return start;
    }

    // A line as mlx-lm prints it: only what is learnt counts as a token.
    private sealed class StepLines(TextWriter text, int every)
    {
        private readonly Stopwatch _clock = Stopwatch.StartNew();
        private double _losses;
        private int _steps;
        private long _tokens;
        private long _all;

        public void Report(StepProgress value)
        {
            _losses += value.Loss;
            _steps++;
            _tokens += value.Targets;
            _all += value.Targets;
            if (every < 1 || (value.Step % every != 0 && value.Step != value.Steps))
                return;
            double seconds = _clock.Elapsed.TotalSeconds;
            using Process process = Process.GetCurrentProcess();
            text.WriteLine(
                $"Iter {value.Step}: Train loss {_losses / _steps:F3}, Learning Rate {value.LearningRate:0.000e+00}, It/sec {_steps / seconds:F3}, Tokens/sec {_tokens / seconds:F3}, Trained Tokens {_all}, Peak mem {process.PeakWorkingSet64 / 1e9:F3} GB");
            (_losses, _steps, _tokens) = (0, 0, 0);
            _clock.Restart();
        }
    }
}
