using Skiptune.FineTuning;

namespace Skiptune.Cli.Output;

/// <summary>The progress of a training: a line after each epoch.</summary>
internal static class EpochLines
{
    public static IProgress<FineTuneProgress> On(TextWriter text) => new SynchronousProgress<FineTuneProgress>(progress =>
    {
        int digits = progress.Epochs.ToString().Length;
        text.Write($"epoch {progress.Epoch.ToString().PadLeft(digits)}/{progress.Epochs}  loss {progress.Loss:F4}  {progress.Seconds,8:F3} s");
        if (progress.Validation is { } validation)
            text.Write(double.IsNaN(validation.Accuracy) ? $"  validation error {validation.Loss:G5}" : $"  validation accuracy {100 * validation.Accuracy:F2} %, loss {validation.Loss:F4}");
        text.WriteLine();
    });
}
