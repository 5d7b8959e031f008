using System.CommandLine;
using Skiptune.FineTuning;

namespace Skiptune.Cli.Arguments;

/// <summary>The options of what a run keeps on disk: the forward cache and checkpoints.</summary>
internal sealed class RunStorageArguments
{
    private const string DefaultFolder = "checkpoint";

    private readonly Option<string?> _cachePath = NewOption.OptionalText(
        "--cache-path", "file", "Keep the forward cache in a scratch file beside this one, mapped, so that it may be larger than memory [default: in memory]");

    private readonly Option<long?> _cacheLimit = NewOption.OptionalSize(
        "--cache-limit", "Memory that the forward cache may take, in bytes or such as 512M or 2G [default: half of the memory]");

    private readonly Option<string?> _checkpoint = NewOption.OptionalText(
        "--checkpoint", "folder", $"Save the state of the run here [default: none; with --resume {DefaultFolder} in the folder of the adapter]");

    private readonly Option<int?> _every = NewOption.OptionalInteger("--checkpoint-every", "Epochs from one checkpoint to the next [default: 1]");

    private readonly Option<bool> _resume = new("--resume") { Description = "Continue from the checkpoint if there is one; ends in the same bytes as a run without interruption" };

    public RunStorageArguments(Command command)
    {
        foreach (Option option in (Option[])[_cachePath, _cacheLimit, _checkpoint, _every, _resume])
            command.Add(option);
    }

    /// <summary>The given options with these changed.</summary>
    /// <exception cref="UsageException">Options do not go together.</exception>
    public FineTuneOptions Apply(ParseResult parsed, FineTuneOptions options, string adapterPath) => options with
    {
        CachePath = parsed.GetValue(_cachePath),
        CacheLimit = parsed.GetValue(_cacheLimit),
        Checkpoint = Checkpoint(parsed, adapterPath),
    };

    private CheckpointOptions? Checkpoint(ParseResult parsed, string adapterPath)
    {
        bool resume = parsed.GetValue(_resume);
        string? folder = parsed.GetValue(_checkpoint) ?? (resume ? Path.Combine(adapterPath, DefaultFolder) : null);
        int? every = parsed.GetValue(_every);
        if (folder is null)
            return every is null ? null : throw new UsageException("--checkpoint-every goes with --checkpoint or --resume; add one");
        return new CheckpointOptions { Directory = folder, EveryEpochs = every ?? 1, Resume = resume };
    }
}
