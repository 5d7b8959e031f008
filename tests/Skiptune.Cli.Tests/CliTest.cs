using System.Diagnostics;
using System.Text.Json;

namespace Skiptune.Cli.Tests;

/// <summary>A test with a folder of its own, in which the built program runs.</summary>
public abstract class CliTest : IDisposable
{
    protected static readonly string Program = Path.Combine(AppContext.BaseDirectory, "Skiptune.Cli.dll");

    protected CliTest() => Folder = Directory.CreateTempSubdirectory("skiptune-cli-").FullName;

    protected static string BaseModel { get; } = Path.Combine(AppContext.BaseDirectory, "assets", "base-lenet.onnx");

    protected static string Sample { get; } = Path.Combine(AppContext.BaseDirectory, "assets", "fashion-mnist-sample");

    protected string Folder { get; }

    public void Dispose()
    {
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    protected string In(string name) => Path.Combine(Folder, name);

    /// <summary>Runs skiptune; a string with blanks is several arguments.</summary>
    internal ProcessRun Run(string arguments, params string[] more) => Run(null, null, arguments, more);

    internal ProcessRun Run(Action<Process, string>? onLine, string arguments, params string[] more) => Run(null, onLine, arguments, more);

    internal ProcessRun Run(Action<Process>? onStart, Action<Process, string>? onLine, string arguments, params string[] more) =>
        ProcessRun.Of("dotnet", Folder, [Program, .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries), .. more], onLine, onStart: onStart);

    internal ProcessRun Succeed(string arguments, params string[] more)
    {
        ProcessRun run = Run(arguments, more);
        Assert.True(run.Code == 0, $"{arguments}: {run.Code} {run.Error}");
        Assert.Empty(run.Error);
        return run;
    }

    /// <summary>Asserts the exit code, one line on standard error, and that no file appeared.</summary>
    internal string Refuse(int code, string arguments, params string[] more)
    {
        string[] before = Directory.GetFileSystemEntries(Folder, "*", SearchOption.AllDirectories);
        ProcessRun run = Run(arguments, more);
        Assert.True(run.Code == code, $"{arguments}: exit code {run.Code}, {run.Error}");
        string line = Assert.Single(run.ErrorLines);
        Assert.StartsWith("error: ", line, StringComparison.Ordinal);
        Assert.DoesNotContain("internal error", line, StringComparison.Ordinal);
        Assert.Equal(before.Order(), Directory.GetFileSystemEntries(Folder, "*", SearchOption.AllDirectories).Order());
        return line;
    }

    protected JsonElement Json(string name)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(In(name)));
        return document.RootElement.Clone();
    }

    /// <summary>A copy of the embedded sample that a test may damage.</summary>
    protected string CopySample()
    {
        string copy = In("data");
        Directory.CreateDirectory(copy);
        foreach (string file in Directory.GetFiles(Sample))
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        return copy;
    }
}
