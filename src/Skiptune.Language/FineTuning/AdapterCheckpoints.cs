using System.Globalization;
using Skiptune.Files;
using Skiptune.FineTuning;

namespace Skiptune.Language.FineTuning;

/// <summary>Adapters saved during a run, each a folder with the files of <see cref="DecoderAdapter"/>, which is there whole or not at all.</summary>
public static class AdapterCheckpoints
{
    /// <summary>Writes the adapter of a step into a folder of its own, named after the step; one of that name is replaced.</summary>
    /// <param name="adapter">The adapter.</param>
    /// <param name="settings">The method's name and settings.</param>
    /// <param name="directory">The folder of all checkpoints; made if missing.</param>
    /// <param name="step">The step, from 1.</param>
    /// <param name="former">A checkpoint that is deleted once this one is there; null to keep all.</param>
    /// <returns>The folder, for <see cref="DecoderAdapter.Load"/>.</returns>
    /// <exception cref="SkiptuneException">It cannot be written; earlier checkpoints are still there.</exception>
    public static string Save(Adapter adapter, DecoderMethodSettings settings, string directory, int step, string? former = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(step);
        string folder = Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $"checkpoint-{step:D7}"));
        string unfinished = Path.Combine(directory, $".{Path.GetFileName(folder)}.tmp");
        try
        {
            // What an interrupted run left.
            Delete(unfinished);
            DecoderAdapter.Save(adapter, settings, unfinished);
            Delete(folder);
            Directory.Move(unfinished, folder);
            FolderSync.Flush(directory);
            if (former is not null && former != folder)
                Delete(former);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw ErrorText.Of(folder, $"the checkpoint cannot be written: {exception.Message}", exception);
        }
        return folder;
    }

    private static void Delete(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }
}
