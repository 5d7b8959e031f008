using System.Collections.Immutable;
using System.IO.Enumeration;

namespace Skiptune.FineTuning;

/// <summary>Which layers' inputs are tapped, and how they are reduced.</summary>
/// <param name="Pattern">A layer's name or its input's; * stands for any characters, ? for one.</param>
/// <param name="Reduction">The reduction, or null for one that keeps the value within the budget.</param>
public sealed record TapRule(string Pattern, TapReduction? Reduction = null)
{
    /// <summary>Reads rules such as "conv*=global-avgpool,dense*".</summary>
    /// <param name="text">Rules with commas between them; the first that matches a layer counts.</param>
    /// <exception cref="SkiptuneException">A rule is empty or its reduction does not exist.</exception>
    public static ImmutableArray<TapRule> Parse(string text) => [.. text.Split(',', StringSplitOptions.TrimEntries).Select(ParseOne)];

    /// <inheritdoc/>
    public override string ToString() => Reduction is null ? Pattern : $"{Pattern}={Reduction}";

    internal bool Matches(string name) => FileSystemName.MatchesSimpleExpression(Pattern, name, ignoreCase: false);

    // A name may hold '=' itself; a reduction does not.
    private static TapRule ParseOne(string text)
    {
        int at = text.LastIndexOf('=');
        string pattern = at < 0 ? text : text[..at];
        if (pattern.Length == 0)
            throw new SkiptuneException($"'{text}' names no tap; write a layer's name or a pattern, perhaps with =reduction");
        return new TapRule(pattern, at < 0 ? null : TapReduction.Parse(text[(at + 1)..]));
    }
}
