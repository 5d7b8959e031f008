using Skiptune.Comparison;

namespace Skiptune.Cli.Output;

/// <summary>The progress of a comparison as plain lines: one a finished run.</summary>
internal static class ComparisonLines
{
    public static void Write(TextWriter text, ComparisonProgress progress)
    {
        if (progress.Run is { } run)
            text.WriteLine($"seed {progress.Seed}/{progress.Seeds}  {progress.Variant,-20}  accuracy {100 * run.Accuracy,5:F1} %  {1000 * run.Seconds,8:N1} ms");
        else if (progress.Row == 0)
            text.WriteLine("warming up");
    }
}
