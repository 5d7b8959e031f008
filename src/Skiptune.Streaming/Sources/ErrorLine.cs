using System.Text;

namespace Skiptune.Streaming.Sources;

/// <summary>Makes text from outside fit for one line of an audit trail.</summary>
internal static class ErrorLine
{
    private const int Longest = 200;

    public static string Of(string text)
    {
        StringBuilder line = new(Math.Min(text.Length, Longest));
        foreach (char c in text)
        {
            if (line.Length == Longest)
                return line.Append("...").ToString();
            line.Append(char.IsControl(c) || char.IsSurrogate(c) || c is '\u2028' or '\u2029' ? ' ' : c);
        }
        return line.ToString();
    }

    public static string Quote(string text) => $"'{(text.Length <= 40 ? text : text[..40] + "...")}'";
}
