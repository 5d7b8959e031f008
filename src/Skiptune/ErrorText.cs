using System.Text;

namespace Skiptune;

/// <summary>Makes text from a file fit to stand in a message: one line, of bounded length.</summary>
internal static class ErrorText
{
    private const int LongestName = 120;

    private const int LongestMessage = 32_768;

    /// <summary>A name from a file in quotes, cut if it is very long.</summary>
    public static string Quote(string name) =>
        name.Length <= LongestName ? $"'{name}'" : $"'{name.AsSpan(0, LongestName)}...'";

    /// <summary>The text with every character that breaks a line or moves the cursor written as an escape.</summary>
    public static string OneLine(string text)
    {
        StringBuilder line = new(Math.Min(text.Length, LongestMessage));
        foreach (char c in text)
        {
            if (line.Length >= LongestMessage)
                return line.Append("...").ToString();
            if (char.IsControl(c) || char.IsSurrogate(c) || c is '\u2028' or '\u2029')
                line.Append("\\u").Append(((int)c).ToString("x4"));
            else
                line.Append(c);
        }
        return line.ToString();
    }

    /// <summary>The error of a file: its name, then what is wrong and what to do.</summary>
    public static SkiptuneException Of(string fileName, string problem, Exception? cause = null)
    {
        string message = OneLine($"{fileName}: {problem}");
        return cause is null ? new SkiptuneException(message) : new SkiptuneException(message, cause);
    }
}
