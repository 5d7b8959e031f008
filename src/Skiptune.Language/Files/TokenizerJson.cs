using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;
using Skiptune.Language.Tokenizers;

namespace Skiptune.Language.Files;

/// <summary>
/// Hugging Face's tokenizer.json with a BPE model: byte-level, or SentencePiece's with byte fallback.
/// </summary>
internal static class TokenizerJson
{
    private const int MaxBytes = 256 << 20;
    private const int MaxTokens = 1 << 20;

    public static Tokenizer Read(string path)
    {
        TokenizerConfigJson config = TokenizerConfigJson.Read(Path.GetDirectoryName(path) ?? ".");
        using JsonDocument document = HuggingFaceFolder.Parse(path, MaxBytes);
        try
        {
            return Read(document.RootElement, config);
        }
        catch (Exception exception) when (exception is SkiptuneException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw ErrorText.Of(path, exception.Message, exception);
        }
    }

    private static Tokenizer Read(JsonElement root, TokenizerConfigJson config)
    {
        JsonElement model = root.GetProperty("model");
        if (model.TryGetProperty("type", out JsonElement type) && type.GetString() != "BPE")
            throw new SkiptuneException($"is a tokenizer of the kind {ErrorText.Quote(type.GetString() ?? "")}; BPE is supported");
        Dictionary<int, string> byId = [];
        foreach (JsonProperty token in model.GetProperty("vocab").EnumerateObject())
            byId[token.Value.GetInt32()] = token.Name;
        Dictionary<int, string> special = [];
        JsonElement[] all = root.TryGetProperty("added_tokens", out JsonElement list) ? [.. list.EnumerateArray()] : [];
        foreach (JsonElement added in all)
        {
            int id = added.GetProperty("id").GetInt32();
            byId[id] = added.GetProperty("content").GetString() ?? throw new FormatException("an added token has no content");
            if (added.TryGetProperty("special", out JsonElement flag) && flag.GetBoolean())
                special[id] = byId[id];
        }
        int count = byId.Count == 0 ? 0 : byId.Keys.Max() + 1;
        if (count is < 1 or > MaxTokens || byId.Keys.Min() < 0)
            throw new SkiptuneException($"has token ids up to {count - 1}; 0 to {MaxTokens - 1} are possible");
        string[] tokens = [.. Enumerable.Range(0, count).Select(id => byId.GetValueOrDefault(id, ""))];
        (string Left, string Right)[] merges = [.. model.GetProperty("merges").EnumerateArray().Select(Merge)];
        ImmutableHashSet<int> ends = config.Ends.Where(id => id >= 0 && id < count).ToImmutableHashSet();
        int? end = Id(config.End) ?? (ends.Count == 1 ? ends.Single() : null);
        SpecialTokens specials = new()
        {
            Begin = Begin(root, special),
            BeginOfSequence = Id(config.Begin),
            EndOfSequence = end,
            End = end is { } known ? ends.Add(known) : ends,
            Names = special.ToImmutableDictionary(),
            ChatTemplate = config.ChatTemplate,
        };
        bool sentencePiece = model.TryGetProperty("byte_fallback", out JsonElement fallback) && fallback.ValueKind == JsonValueKind.True;
        return sentencePiece
            ? SentencePiece(root, tokens, merges, specials)
            : new ByteLevelTokenizer(tokens, merges, specials, PretokenizerOf(root), NormalizerJson.Read(root, sentencePiece: false));

        int? Id(string? text) => special.Where(token => token.Value == text).Select(token => (int?)token.Key).FirstOrDefault();
    }

    private static SentencePieceTokenizer SentencePiece(JsonElement root, string[] tokens, (string Left, string Right)[] merges, SpecialTokens specials)
    {
        Dictionary<string, int> ids = new(StringComparer.Ordinal);
        for (int id = 0; id < tokens.Length; id++)
            ids.TryAdd(tokens[id], id);
        Dictionary<(int, int), PairMerge> pairs = [];
        for (int i = 0; i < merges.Length; i++)
        {
            (string left, string right) = merges[i];
            if (!ids.TryGetValue(left, out int a) || !ids.TryGetValue(right, out int b) || !ids.TryGetValue(left + right, out int merged))
                throw new SkiptuneException($"the merge of {ErrorText.Quote(left)} and {ErrorText.Quote(right)} is not of its tokens");
            pairs.TryAdd((a, b), new PairMerge(merged, i));
        }
        Piece[] pieces = [.. tokens.Select((token, id) => Piece.Parse(token, 0, specials.Names.ContainsKey(id) ? PieceKind.Special : PieceKind.Text))];
        return new SentencePieceTokenizer(pieces, specials, AddsSpace(root), pairs, NormalizerJson.Read(root, sentencePiece: true));
    }

    // A space before the text comes from a normalizer Prepend or a pre-tokenizer Metaspace.
    private static bool AddsSpace(JsonElement root)
    {
        foreach (JsonElement part in Parts(root, "normalizer", "normalizers").Concat(Parts(root, "pre_tokenizer", "pretokenizers")))
        {
            switch (part.GetProperty("type").GetString())
            {
                case "Prepend":
                    return true;
                case "Metaspace":
                    return !part.TryGetProperty("prepend_scheme", out JsonElement scheme) || scheme.GetString() != "never";
            }
        }
        return false;
    }

    private static Pretokenizer PretokenizerOf(JsonElement root)
    {
        List<Regex> patterns = [];
        foreach (JsonElement part in Parts(root, "pre_tokenizer", "pretokenizers"))
        {
            string type = part.GetProperty("type").GetString() ?? "";
            switch (type)
            {
                case "ByteLevel":
                    if (part.TryGetProperty("add_prefix_space", out JsonElement prefix) && prefix.GetBoolean())
                        throw new SkiptuneException("puts a space before byte-level text, which is not supported");
                    if (!part.TryGetProperty("use_regex", out JsonElement use) || use.GetBoolean())
                        patterns.Add(Pretokenizer.Gpt2Words);
                    break;
                case "Digits":
                    patterns.Add(part.TryGetProperty("individual_digits", out JsonElement single) && single.GetBoolean() ? Pretokenizer.Digits : Pretokenizer.Numbers);
                    break;
                case "Split":
                    JsonElement pattern = part.GetProperty("pattern");
                    patterns.Add(Pretokenizer.Compile(pattern.TryGetProperty("Regex", out JsonElement regex) ? regex.GetString()! : Regex.Escape(pattern.GetProperty("String").GetString()!)));
                    break;
                default:
                    throw new SkiptuneException($"has the pre-tokenizer {ErrorText.Quote(type)}; ByteLevel, Digits and Split are supported");
            }
        }
        return new Pretokenizer(patterns);
    }

    // One part, or those of a sequence.
    private static IEnumerable<JsonElement> Parts(JsonElement root, string name, string inner)
    {
        if (!root.TryGetProperty(name, out JsonElement part) || part.ValueKind != JsonValueKind.Object)
            return [];
        return part.GetProperty("type").GetString() == "Sequence" ? [.. part.GetProperty(inner).EnumerateArray()] : [part];
    }

    private static (string Left, string Right) Merge(JsonElement merge)
    {
        if (merge.ValueKind != JsonValueKind.Array)
            return GgufTokenizer.SplitMerge(merge.GetString() ?? throw new FormatException("a merge is no text"));
        return merge.GetArrayLength() == 2 && merge[0].GetString() is { } left && merge[1].GetString() is { } right
            ? (left, right)
            : throw new FormatException("a merge is no pair of texts");
    }

    // The special token that the post-processor puts before a single text.
    private static int? Begin(JsonElement root, Dictionary<int, string> special)
    {
        foreach (JsonElement part in Parts(root, "post_processor", "processors"))
        {
            if (part.TryGetProperty("single", out JsonElement single) && single.GetArrayLength() > 0 && single[0].TryGetProperty("SpecialToken", out JsonElement token))
            {
                string name = token.GetProperty("id").GetString()!;
                foreach ((int id, string content) in special)
                {
                    if (content == name)
                        return id;
                }
            }
        }
        return null;
    }
}
