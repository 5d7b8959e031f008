namespace Skiptune.Language.Tokenizers;

/// <summary>What a tokenizer does to a text before it cuts it: steps, one after the other.</summary>
/// <param name="steps">Each makes a text of a text.</param>
internal sealed class Normalizer(params IReadOnlyList<Func<string, string>> steps)
{
    /// <summary>True if texts stay as they are.</summary>
    public bool IsEmpty => steps.Count == 0;

    /// <summary>The text as the tokenizer sees it.</summary>
    public string Apply(string text)
    {
        foreach (Func<string, string> step in steps)
            text = step(text);
        return text;
    }
}
