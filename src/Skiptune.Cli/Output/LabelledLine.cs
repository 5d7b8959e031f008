using System.Text;

namespace Skiptune.Cli.Output;

/// <summary>One fact for people: a label, then text that goes on under itself where it is longer than the console is wide.</summary>
internal static class LabelledLine
{
    private const int LabelWidth = 12;

    public static void Write(TextWriter writer, string label, string text)
    {
        StringBuilder line = new(label.PadRight(LabelWidth));
        foreach (string word in text.Split(' '))
        {
            bool first = line.Length == LabelWidth;
            if (!first && line.Length + 1 + word.Length > Terminal.Columns)
            {
                writer.WriteLine(line);
                line.Clear().Append(' ', LabelWidth);
                first = true;
            }
            line.Append(first ? "" : " ").Append(word);
        }
        writer.WriteLine(line);
    }
}
