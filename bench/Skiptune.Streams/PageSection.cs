namespace Skiptune.Streams;

/// <summary>The part of a page between two markers, which a command writes.</summary>
internal static class PageSection
{
    /// <summary>Puts the text between the markers of that name; all else on the page stays.</summary>
    /// <exception cref="SkiptuneException">The page has no such markers.</exception>
    public static void Write(string path, string name, string text)
    {
        string page = File.ReadAllText(path);
        (string start, string end) = ($"<!-- {name} -->\n", $"<!-- /{name} -->");
        int from = page.IndexOf(start, StringComparison.Ordinal) + start.Length;
        int to = page.IndexOf(end, StringComparison.Ordinal);
        if (from < start.Length || to < from)
            throw new SkiptuneException($"{path}: there is no section between {start.TrimEnd()} and {end}");
        File.WriteAllText(path, page[..from] + text.TrimEnd() + "\n" + page[to..]);
        Console.WriteLine($"wrote {name} into {path}");
    }
}
