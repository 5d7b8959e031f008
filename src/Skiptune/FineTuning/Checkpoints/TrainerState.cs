using System.Collections.Immutable;

namespace Skiptune.FineTuning;

/// <summary>What trainer_state.json says: where the run stands, and which file holds its tensors.</summary>
/// <param name="Epoch">Whole epochs done, at least 1. The order of the samples in an epoch is a function of the seed and the epoch alone, so this is the whole position in the data.</param>
/// <param name="Steps">Steps done in them.</param>
/// <param name="FinalLoss">The mean loss of the last of them.</param>
/// <param name="TensorsSha256">The hash of the file with the tensors.</param>
/// <param name="Settings">All that the values depend on.</param>
internal sealed record TrainerState(
    int Epoch, long Steps, double FinalLoss, string TensorsSha256, ImmutableArray<KeyValuePair<string, string>> Settings)
{
    /// <summary>What names of files with tensors begin with.</summary>
    public const string TensorsPrefix = "checkpoint-";

    /// <summary>What they end with.</summary>
    public const string TensorsSuffix = ".safetensors";

    private const int HashCharacters = 16;

    /// <summary>The file with the tensors: its name says the epoch and the content, so no two generations share one.</summary>
    public string TensorsFile => $"{TensorsPrefix}{Epoch}-{TensorsSha256[..HashCharacters]}{TensorsSuffix}";

    /// <summary>Throws unless a run with those settings may continue this one.</summary>
    /// <exception cref="SkiptuneException">A setting differs; the message names it.</exception>
    public void CheckSettings(ImmutableArray<KeyValuePair<string, string>> wanted)
    {
        Dictionary<string, string> saved = new(Settings, StringComparer.Ordinal);
        foreach ((string name, string value) in wanted)
        {
            if (!saved.Remove(name, out string? before))
                throw new SkiptuneException($"the checkpoint does not say its {name}: another version wrote it; start anew without --resume");
            if (before != value)
                throw Differs(name, before, value);
        }
        if (saved.Count > 0)
            throw new SkiptuneException($"the checkpoint has the setting {ErrorText.Quote(saved.Keys.First())}, which this run does not know; start anew without --resume");
    }

    private static SkiptuneException Differs(string name, string before, string now) => new(
        $"the checkpoint was made with another {name} ({ErrorText.Quote(before)}, now {ErrorText.Quote(now)}); use the same again, or start anew without --resume");
}
