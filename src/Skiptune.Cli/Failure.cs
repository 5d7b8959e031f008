using System.Text;

namespace Skiptune.Cli;

/// <summary>Turns an exception into one line on standard error and an exit code.</summary>
internal static class Failure
{
    /// <summary>Set to 1, it adds the stack trace of an internal error.</summary>
    private const string DebugVariable = "SKIPTUNE_DEBUG";

    public static int Report(Exception exception)
    {
        (string message, int code) = exception switch
        {
            UsageException => (exception.Message, ExitCode.Usage),
            SkiptuneException => (exception.Message, ExitCode.Failure),
            OperationCanceledException => ("interrupted: nothing was written", ExitCode.Failure),
            OutOfMemoryException => ("not enough memory; take fewer samples, a smaller batch or a smaller cache format", ExitCode.Failure),
            IOException or UnauthorizedAccessException => (exception.Message, ExitCode.Failure),
            _ => ($"internal error: {exception.GetType().Name}: {exception.Message}", ExitCode.Failure),
        };
        Write(message);
        if (Environment.GetEnvironmentVariable(DebugVariable) == "1")
            Console.Error.WriteLine(exception.ToString());
        return code;
    }

    /// <summary>Writes one line, whatever a message that quotes a file may contain.</summary>
    public static void Write(string message)
    {
        StringBuilder line = new("error: ");
        bool gap = false;
        foreach (char c in message)
        {
            bool blank = char.IsControl(c) || c is '\u2028' or '\u2029';
            if (!blank)
                line.Append(c);
            else if (!gap)
                line.Append(' ');
            gap = blank;
        }
        Console.Error.WriteLine(line.ToString().TrimEnd());
    }
}
