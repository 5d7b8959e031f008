using System.ComponentModel;
using System.Diagnostics;

namespace Skiptune.Compare.Processes;

/// <summary>Programs that run once.</summary>
internal static class Tool
{
    /// <summary>What the program prints, or null if it is absent or fails.</summary>
    public static string? TryRead(string program, IEnumerable<string> arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            string text = process.StandardOutput.ReadToEnd().Trim();
            process.WaitForExit();
            return process.ExitCode == 0 ? text : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    /// <summary>The milliseconds from the start of a process to its end.</summary>
    /// <exception cref="SkiptuneException">It is absent or fails.</exception>
    public static double Time(ProcessStartInfo start)
    {
        start.UseShellExecute = false;
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        try
        {
            long begun = Stopwatch.GetTimestamp();
            using Process process = Process.Start(start)!;
            Task<string> errors = process.StandardError.ReadToEndAsync();
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            double milliseconds = Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
            return process.ExitCode == 0 ? milliseconds : throw new SkiptuneException($"{start.FileName} failed: {LastLine(errors.Result)}");
        }
        catch (Win32Exception exception)
        {
            throw new SkiptuneException($"{start.FileName} cannot be started: {exception.Message}", exception);
        }
    }

    /// <summary>The last line that says something: of a Python trace it is the error.</summary>
    public static string LastLine(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault("no message");
}
