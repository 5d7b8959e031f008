using Skiptune.FineTuning;

namespace Skiptune.Cli.Output;

/// <summary>Says what a run does with its checkpoint.</summary>
internal static class CheckpointLine
{
    public static string Of(CheckpointOptions checkpoint, int epochs)
    {
        string folder = checkpoint.Directory;
        if (!checkpoint.Resume)
            return $"{folder}, from the beginning";
        return checkpoint.SavedEpochs() switch
        {
            null => $"none in {folder} yet, from the beginning",
            { } saved when saved == epochs => $"{folder}, all {epochs} epochs done, nothing to do but to write the adapter",
            { } saved => $"{folder}, continued after epoch {saved} of {epochs}",
        };
    }
}
