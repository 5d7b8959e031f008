using System.Diagnostics;
using System.Text;

namespace Skiptune.Cli.Tests;

/// <summary>A process that ran to its end.</summary>
internal sealed record ProcessRun(int Code, string Output, string Error)
{
    private const int LimitMilliseconds = 120_000;

    public string[] ErrorLines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Runs a program.</summary>
    public static ProcessRun Of(string program, string folder, IEnumerable<string> arguments, Action<Process, string>? onLine = null, int limit = LimitMilliseconds, Action<Process>? onStart = null)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = new() { StartInfo = start };
        StringBuilder output = new();
        StringBuilder error = new();
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is null)
                return;
            output.Append(line.Data).Append('\n');
            onLine?.Invoke(process, line.Data);
        };
        process.ErrorDataReceived += (_, line) => error.Append(line.Data is null ? "" : line.Data + "\n");
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        onStart?.Invoke(process);
        if (!process.WaitForExit(limit))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{program} {string.Join(' ', start.ArgumentList)} did not end: {output}{error}");
        }
        // Once more, without a limit: until both streams are read to their ends.
        process.WaitForExit();
        return new ProcessRun(process.ExitCode, output.ToString(), error.ToString());
    }
}
