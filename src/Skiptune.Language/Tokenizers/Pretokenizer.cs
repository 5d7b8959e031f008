using System.Text.RegularExpressions;

namespace Skiptune.Language.Tokenizers;

/// <summary>Cuts a text into the words that byte-level BPE merges within: by patterns, one after the other, each cutting the parts further.</summary>
/// <param name="patterns">Each match is a part, and so is what lies between two matches.</param>
internal sealed class Pretokenizer(params IReadOnlyList<Regex> patterns)
{
    // A file's pattern may take for ever on some text.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private const string Gpt2 = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";
    private const string Llama3 = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
    private const string Qwen2 = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <summary>GPT-2's pattern, which a byte-level pre-tokenizer uses by itself.</summary>
    public static Regex Gpt2Words { get; } = Compile(Gpt2);

    /// <summary>Single digits.</summary>
    public static Regex Digits { get; } = Compile(@"\p{N}");

    /// <summary>Runs of digits.</summary>
    public static Regex Numbers { get; } = Compile(@"\p{N}+");

    /// <summary>The rules by the names GGUF gives them.</summary>
    /// <exception cref="SkiptuneException">The name is not known.</exception>
    public static Pretokenizer Named(string name) => name switch
    {
        "gpt-2" or "default" => new Pretokenizer(Gpt2Words),
        "llama-bpe" or "llama3" or "llama-v3" => new Pretokenizer(Compile(Llama3)),
        "qwen2" => new Pretokenizer(Compile(Qwen2)),
        "smollm" => new Pretokenizer(Digits, Gpt2Words),
        _ => throw new SkiptuneException($"the pre-tokenizer {ErrorText.Quote(name)} is not known; gpt-2, llama-bpe, qwen2 and smollm are"),
    };

    /// <summary>A pattern of a file.</summary>
    /// <exception cref="SkiptuneException">It is no pattern.</exception>
    public static Regex Compile(string pattern)
    {
        try
        {
            return new Regex(pattern, RegexOptions.CultureInvariant, Limit);
        }
        catch (ArgumentException exception)
        {
            throw new SkiptuneException(ErrorText.OneLine($"the pre-tokenizer's pattern {ErrorText.Quote(pattern)} cannot be used: {exception.Message}"), exception);
        }
    }

    /// <summary>The parts of a text, which are the whole text.</summary>
    public IEnumerable<string> Split(string text)
    {
        IEnumerable<string> parts = [text];
        foreach (Regex pattern in patterns)
            parts = parts.SelectMany(part => Split(part, pattern)).ToList();
        return parts;
    }

    private static IEnumerable<string> Split(string text, Regex pattern)
    {
        int end = 0;
        foreach (Part match in Matches(text, pattern))
        {
            if (match.Index > end)
                yield return text[end..match.Index];
            if (match.Length > 0)
                yield return text.Substring(match.Index, match.Length);
            end = match.Index + match.Length;
        }
        if (end < text.Length)
            yield return text[end..];
    }

    private static List<Part> Matches(string text, Regex pattern)
    {
        List<Part> matches = [];
        try
        {
            foreach (ValueMatch match in pattern.EnumerateMatches(text))
                matches.Add(new Part(match.Index, match.Length));
        }
        catch (RegexMatchTimeoutException exception)
        {
            throw new SkiptuneException("the pre-tokenizer's pattern takes too long on this text", exception);
        }
        return matches;
    }

    private readonly record struct Part(int Index, int Length);
}
