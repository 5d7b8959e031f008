using System.Collections.Immutable;
using System.CommandLine;
using Skiptune.FineTuning;
using Skiptune.Networks;

namespace Skiptune.Cli.Arguments;

/// <summary>The options of every command that trains.</summary>
internal sealed class TrainingArguments
{
    private readonly FineTuneOptions _defaults;
    private readonly Option<int> _epochs;
    private readonly Option<int> _batchSize;
    private readonly Option<double?> _learningRate;
    private readonly Option<string> _optimizer;
    private readonly Option<double?> _momentum = NewOption.OptionalReal("--momentum", "share", "Share of the old velocity kept [default: 0.9 with --optimizer momentum]");
    private readonly Option<double?> _weightDecay = NewOption.OptionalReal("--weight-decay", "rate", "Weight decay [default: 0.01 with --optimizer adamw, else 0]");
    private readonly Option<string> _schedule;
    private readonly Option<int> _warmupSteps = NewOption.Integer("--warmup-steps", "Steps over which the learning rate first rises", 0);
    private readonly Option<string> _tail;
    private readonly Option<long> _seed;

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="defaults">What they are when left out.</param>
    public TrainingArguments(Command command, FineTuneOptions defaults)
    {
        _defaults = defaults;
        _epochs = NewOption.Integer("--epochs", "Passes over the training samples", defaults.Epochs);
        _batchSize = NewOption.Integer("--batch-size", "Samples a step", defaults.BatchSize);
        string rate = defaults.Optimizer.LearningRate is { } own ? $"{own}" : "the method's own, see 'skiptune methods'";
        _learningRate = NewOption.OptionalReal("--learning-rate", "rate", $"Step size [default: {rate}]");
        _optimizer = NewOption.Text("--optimizer", "name", "adam, adamw, sgd or momentum", defaults.Optimizer.Name);
        _schedule = NewOption.Text("--schedule", "name", "Learning rate over time: constant or cosine", defaults.Schedule.Name);
        _tail = NewOption.Text("--tail", "name", "The last samples of an epoch: spread over all steps, keep as a small step, or drop", Choice.NameOf(defaults.Tail));
        _seed = NewOption.Long("--seed", "Seed; the same seed gives the same bytes", defaults.Seed);
        Threads = CommonOptions.Threads(defaults.Threads);
        foreach (Option option in (Option[])[_epochs, _batchSize, _learningRate, _optimizer, _momentum, _weightDecay, _schedule, _warmupSteps, _tail, _seed, Threads])
            command.Add(option);
    }

    public Option<int> Threads { get; }

    /// <summary>The names of the schedules.</summary>
    public static ImmutableArray<Schedule> Schedules { get; } = [Schedule.Constant, Schedule.Cosine];

    /// <summary>The options as given, not checked yet.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="other">Other defaults for what is left out, or null.</param>
    /// <exception cref="UsageException">A name does not exist.</exception>
    public FineTuneOptions Read(ParseResult parsed, FineTuneOptions? other = null)
    {
        FineTuneOptions defaults = other ?? _defaults;
        string schedule = parsed.GetRequiredValue(_schedule);
        // Another optimizer than the default one has another scale of rates.
        string optimizer = IsGiven(parsed, _optimizer) ? parsed.GetRequiredValue(_optimizer) : defaults.Optimizer.Name;
        float? rate = (float?)parsed.GetValue(_learningRate) ?? (optimizer == defaults.Optimizer.Name ? defaults.Optimizer.LearningRate : null);
        return defaults with
        {
            Epochs = parsed.GetValue(_epochs),
            BatchSize = IsGiven(parsed, _batchSize) ? parsed.GetValue(_batchSize) : defaults.BatchSize,
            Optimizer = OptimizerName.Parse(optimizer, rate, (float?)parsed.GetValue(_momentum), (float?)parsed.GetValue(_weightDecay)),
            Schedule = (Schedules.FirstOrDefault(one => one.Name == schedule)
                ?? throw new UsageException($"'{schedule}' is not a schedule; choose one of {string.Join(", ", Schedules.Select(one => one.Name))}"))
                with
            { WarmupSteps = parsed.GetValue(_warmupSteps) },
            Tail = Choice.Parse<TailBatch>("--tail", parsed.GetRequiredValue(_tail)),
            Seed = parsed.GetValue(_seed),
            Threads = parsed.GetValue(Threads),
        };
    }

    private static bool IsGiven(ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };
}
