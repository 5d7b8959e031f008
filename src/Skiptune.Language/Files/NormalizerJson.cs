using System.Text.Json;
using System.Text.RegularExpressions;
using Skiptune.Language.Tokenizers;
using Skiptune.Language.Tokenizers.Unicode;

namespace Skiptune.Language.Files;

/// <summary>The normalizer of a tokenizer.json: one, or a sequence of them.</summary>
internal static class NormalizerJson
{
    private const int MaxDepth = 8;

    // SentencePiece's own space, which its tokenizer writes and reads as a space.
    private const string Space = "\u2581";

    /// <summary>Reads it.</summary>
    /// <param name="root">The file.</param>
    /// <param name="sentencePiece">True if the tokenizer itself takes spaces for U+2581 and puts one before a text.</param>
    public static Normalizer Read(JsonElement root, bool sentencePiece)
    {
        List<Func<string, string>> steps = [];
        if (root.TryGetProperty("normalizer", out JsonElement normalizer) && normalizer.ValueKind == JsonValueKind.Object)
            Add(normalizer, sentencePiece, steps, 0);
        return new Normalizer(steps);
    }

    private static void Add(JsonElement part, bool sentencePiece, List<Func<string, string>> steps, int depth)
    {
        string type = part.GetProperty("type").GetString() ?? "";
        switch (type)
        {
            case "Sequence" when depth < MaxDepth:
                foreach (JsonElement inner in part.GetProperty("normalizers").EnumerateArray())
                    Add(inner, sentencePiece, steps, depth + 1);
                break;
            case "NFC":
                steps.Add(UnicodeForm.C.Of);
                break;
            case "NFD":
                steps.Add(UnicodeForm.D.Of);
                break;
            case "NFKC":
                steps.Add(UnicodeForm.KC.Of);
                break;
            case "NFKD":
                steps.Add(UnicodeForm.KD.Of);
                break;
            case "Lowercase":
                steps.Add(text => text.ToLowerInvariant());
                break;
            case "Prepend":
                string before = part.GetProperty("prepend").GetString() ?? "";
                if (!sentencePiece || before != Space)
                    steps.Add(text => text.Length == 0 ? text : before + text);
                break;
            case "Replace":
                string content = part.GetProperty("content").GetString() ?? "";
                JsonElement pattern = part.GetProperty("pattern");
                if (pattern.TryGetProperty("Regex", out JsonElement regex))
                    steps.Add(Replace(Pretokenizer.Compile(regex.GetString() ?? ""), content));
                else if (pattern.GetProperty("String").GetString() is { Length: > 0 } text && !(sentencePiece && text == " " && content == Space))
                    steps.Add(all => all.Replace(text, content, StringComparison.Ordinal));
                break;
            default:
                throw new SkiptuneException($"has the normalizer {ErrorText.Quote(type)}; NFC, NFD, NFKC, NFKD, Lowercase, Prepend, Replace and Sequence are supported");
        }
    }

    private static Func<string, string> Replace(Regex pattern, string content) => text =>
    {
        try
        {
            // As it is: a dollar sign stands for itself.
            return pattern.Replace(text, _ => content);
        }
        catch (RegexMatchTimeoutException exception)
        {
            throw new SkiptuneException("the normalizer's pattern takes too long on this text", exception);
        }
    };
}
