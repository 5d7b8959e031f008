using System.CommandLine;
using Skiptune.FineTuning;
using Skiptune.Streaming.Loop;

namespace Skiptune.Cli.Arguments;

/// <summary>The options of the loop's policies. Their defaults are the library's, which is loaded only when they are read.</summary>
internal sealed class LoopArguments
{
    private readonly Option<string> _method = NewOption.Text("--method", "name", "What a fine-tuning trains, see 'skiptune methods'", FineTuneMethod.Skip2Lora.Name);
    private readonly Option<int?> _minimumSamples = NewOption.OptionalInteger("--minimum-samples", "Labelled samples that start a fine-tuning after a drift [default: 100]");
    private readonly Option<int?> _minimumPerClass = NewOption.OptionalInteger("--minimum-per-class", "Of these, samples of each of at least two classes [default: 5]");
    private readonly Option<int?> _lookBack = NewOption.OptionalInteger("--look-back", "Samples before a drift was noticed that count as behind it [default: 0]");
    private readonly Option<double?> _heldOut = NewOption.OptionalReal("--held-out", "share", "Share of them held out for validation [default: 0.2]");
    private readonly Option<double?> _minimumGain = NewOption.OptionalReal("--minimum-gain", "share", "Accuracy a version must gain on them, 0 .. 1 [default: 0.02]");
    private readonly Option<double?> _maximumChance = NewOption.OptionalReal("--maximum-chance", "p", "Probability of the gain by chance, at most; 1 leaves the test out [default: 0.05]");
    private readonly Option<double?> _minimumAccuracy = NewOption.OptionalReal("--minimum-accuracy", "share", "Accuracy a version must have on them [default: 0]");
    private readonly Option<double?> _maximumRetentionLoss = NewOption.OptionalReal("--maximum-retention-loss", "share", "Accuracy it may lose on --retention [default: 0.05]");
    private readonly Option<int?> _coolDown = NewOption.OptionalInteger("--cool-down", "Samples after a swap or rejection without another start [default: 100]");
    private readonly Option<int?> _attempts = NewOption.OptionalInteger("--attempts", "Fine-tunings for one drift [default: 3]");
    private readonly Option<int?> _probation = NewOption.OptionalInteger("--probation", "Window of labelled samples after a swap that decides about a rollback [default: 100]");
    private readonly Option<int?> _stuckAfter = NewOption.OptionalInteger("--stuck-after", "Equal readings that may make a sensor stuck, 0 for never [default: 20]");
    private readonly Option<double?> _stuckShare = NewOption.OptionalReal("--stuck-share", "share", "Share of a reading's values that must be stuck [default: 0.25]");
    private readonly Option<bool> _wait = new("--wait") { Description = "Fine-tune and validate before the next sample is taken, not beside it: the same samples give the same store" };
    private readonly TrainingArguments _training;
    private readonly RankArguments _rank;

    public LoopArguments(Command command)
    {
        foreach (Option option in (Option[])[_minimumSamples, _minimumPerClass, _lookBack, _heldOut, _minimumGain, _maximumChance, _minimumAccuracy, _maximumRetentionLoss, _coolDown, _attempts, _probation, _stuckAfter, _stuckShare, _wait, _method])
            command.Add(option);
        _training = new TrainingArguments(command, new FineTuneOptions { Threads = 1 });
        _rank = new RankArguments(command);
    }

    /// <summary>The options as given, checked.</summary>
    /// <exception cref="UsageException">A value is not possible.</exception>
    public LearnerOptions Read(ParseResult parsed)
    {
        LearnerOptions defaults = new();
        FineTuneOptions tuning = _rank.Apply(parsed, _training.Read(parsed)) with { Method = FineTuneMethod.Parse(parsed.GetRequiredValue(_method)) };
        int window = parsed.GetValue(_probation) ?? defaults.Probation.Window;
        return defaults with
        {
            FineTuning = tuning,
            Collection = defaults.Collection with
            {
                MinimumSamples = parsed.GetValue(_minimumSamples) ?? defaults.Collection.MinimumSamples,
                MinimumPerClass = parsed.GetValue(_minimumPerClass) ?? defaults.Collection.MinimumPerClass,
                LookBack = parsed.GetValue(_lookBack) ?? defaults.Collection.LookBack,
                HeldOut = parsed.GetValue(_heldOut) ?? defaults.Collection.HeldOut,
            },
            Gates = defaults.Gates with
            {
                MinimumGain = parsed.GetValue(_minimumGain) ?? defaults.Gates.MinimumGain,
                MaximumChance = parsed.GetValue(_maximumChance) ?? defaults.Gates.MaximumChance,
                MinimumAccuracy = parsed.GetValue(_minimumAccuracy) ?? defaults.Gates.MinimumAccuracy,
                MaximumRetentionLoss = parsed.GetValue(_maximumRetentionLoss) ?? defaults.Gates.MaximumRetentionLoss,
            },
            Probation = defaults.Probation with
            {
                Window = window,
                MinimumSamples = Math.Min(defaults.Probation.MinimumSamples, window),
                Length = Math.Max(defaults.Probation.Length, window),
            },
            Guard = defaults.Guard with
            {
                StuckAfter = parsed.GetValue(_stuckAfter) ?? defaults.Guard.StuckAfter,
                StuckShare = parsed.GetValue(_stuckShare) ?? defaults.Guard.StuckShare,
            },
            CoolDown = parsed.GetValue(_coolDown) ?? defaults.CoolDown,
            MostAttempts = parsed.GetValue(_attempts) ?? defaults.MostAttempts,
            InBackground = !parsed.GetValue(_wait),
        };
    }
}
