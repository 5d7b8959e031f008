using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Skiptune.Onnx;

namespace Skiptune.Tests.Onnx;

/// <summary>docs/onnx-support.md, made from the code and a run of the standard's tests; SKIPTUNE_WRITE_DOCS=1 writes it.</summary>
internal static class SupportPage
{
    public static void Check(int passed, int claimed, int total, IReadOnlyDictionary<string, int> notClaimed)
    {
        string path = Path.Combine(Path.GetDirectoryName(SourcePath())!, "..", "..", "..", "docs", "onnx-support.md");
        string page = Render(passed, claimed, total, notClaimed);
        if (Environment.GetEnvironmentVariable("SKIPTUNE_WRITE_DOCS") == "1")
            File.WriteAllText(path, page);
        Assert.Equal(page, File.Exists(path) ? File.ReadAllText(path) : "", ignoreLineEndingDifferences: true);
    }

    private static string Render(int passed, int claimed, int total, IReadOnlyDictionary<string, int> notClaimed)
    {
        StringBuilder page = new();
        page.Append(CultureInfo.InvariantCulture, $"""
            # ONNX support

            Opsets {OnnxReader.OldestOpset} to {OnnxReader.NewestOpset}, float32, weights as initializers, constants or external data. A model with a node that is
            not supported is refused with one error that names every such node.

            Models are written in the opset they were read in, {OnnxWriter.OldestOpset} to {OnnxWriter.NewestOpset}; older ones are raised to {OnnxWriter.OldestOpset}, and `skiptune export` says so.

            Operators: {string.Join(", ", OnnxOps.Readers.Keys.Order(StringComparer.Ordinal))}.

            Besides these, arithmetic on shapes (Shape, Range, ConstantOfShape, Floor and the like over integers) is computed
            when the model is read, so that the graphs exporters make of reshapes become plain ones.

            Of the ONNX standard's own node tests (Debian package libonnx-testdata) **{passed} pass of {claimed} claimed of {total}**. Every test
            whose operators are all read is claimed, but for these:

            | not claimed because | tests |
            |---|---|

            """);
        foreach ((string reason, int count) in notClaimed.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal))
            page.Append(CultureInfo.InvariantCulture, $"| {reason} | {count} |\n");
        page.Append("""

            Made by `SKIPTUNE_WRITE_DOCS=1 dotnet test -c Release tests/Skiptune.Tests --filter StandardNodeTests`, checked by the same
            test without the variable.

            """);
        return page.ToString();
    }

    private static string SourcePath([CallerFilePath] string path = "") => path;
}
