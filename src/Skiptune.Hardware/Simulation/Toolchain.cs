using System.Diagnostics;

namespace Skiptune.Hardware.Simulation;

/// <summary>Runs the tools that simulation and synthesis take.</summary>
internal static class Toolchain
{
    private const int LinesShown = 12;

    /// <summary>Runs a tool to its end.</summary>
    /// <param name="folder">Where it runs.</param>
    /// <param name="tool">Its name.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>What it wrote to standard output.</returns>
    /// <exception cref="SkiptuneException">It is not installed, or failed.</exception>
    public static string Run(string folder, string tool, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        ProcessStartInfo start = new(tool, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new SkiptuneException(Missing(tool), exception);
        }
        using (process)
        {
            using CancellationTokenRegistration kill = cancellationToken.Register(() => process.Kill(entireProcessTree: true));
            Task<string> error = process.StandardError.ReadToEndAsync(CancellationToken.None);
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            cancellationToken.ThrowIfCancellationRequested();
            if (process.ExitCode != 0)
                throw new SkiptuneException(error.Result.Contains("zlib.h: No such file", StringComparison.Ordinal) ? Missing("zlib.h") : $"{tool} failed:{Environment.NewLine}{Excerpt(error.Result + output)}");
            return output;
        }
    }

    private static string Missing(string tool) =>
        $"this needs {tool}, which is not installed; on Debian: apt-get install -y --no-install-recommends verilator yosys g++ zlib1g-dev";

    private static string Excerpt(string text)
    {
        string[] lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string[] errors = [.. lines.Where(line => line.Contains("rror", StringComparison.Ordinal))];
        return string.Join(Environment.NewLine, (errors.Length > 0 ? errors : lines).Take(LinesShown));
    }
}
