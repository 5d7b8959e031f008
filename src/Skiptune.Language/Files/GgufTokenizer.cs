using System.Collections.Immutable;
using System.Text;
using Skiptune.Language.Tokenizers;
using Skiptune.Language.Tokenizers.Unicode;

namespace Skiptune.Language.Files;

/// <summary>The tokenizer in the metadata of a GGUF file: "llama" (SentencePiece with scores) or "gpt2" (byte-level with merges).</summary>
internal static class GgufTokenizer
{
    private const long Normal = 1;
    private const long UserDefined = 4;
    private const long Byte = 6;

    public static Tokenizer Read(MappedFile file, IReadOnlyDictionary<string, object> metadata)
    {
        string[] tokens = Texts(file, metadata, "tokenizer.ggml.tokens") ?? throw file.Error("has no tokenizer (tokenizer.ggml.tokens)");
        long[]? kinds = Find<object[]>(metadata, "tokenizer.ggml.token_type") is { } list ? [.. list.Select(kind => kind as long? ?? 0)] : null;
        if (kinds is not null && kinds.Length != tokens.Length)
            throw file.Error($"has {tokens.Length} tokens and {kinds.Length} token types");
        SpecialTokens special = new()
        {
            Begin = Id("bos_token_id"),
            EndOfSequence = Id("eos_token_id"),
            End = [.. ((int?[])[Id("eos_token_id"), Id("eot_token_id")]).OfType<int>()],
            Names = Enumerable.Range(0, tokens.Length).Where(id => kinds is not null && kinds[id] is not (Normal or UserDefined or Byte)).ToImmutableDictionary(id => id, id => tokens[id]),
            ChatTemplate = Find<byte[]>(metadata, "tokenizer.chat_template") is { } template ? Encoding.UTF8.GetString(template) : null,
        };
        string model = Find<byte[]>(metadata, "tokenizer.ggml.model") is { } name ? Encoding.UTF8.GetString(name) : "";
        switch (model)
        {
            case "llama":
                object[]? scores = Find<object[]>(metadata, "tokenizer.ggml.scores");
                if (scores is not null && scores.Length != tokens.Length)
                    throw file.Error($"has {tokens.Length} tokens and {scores.Length} scores");
                return new SentencePieceTokenizer(
                    [.. tokens.Select((token, id) => Piece.Parse(token, scores is null ? 0 : (float)(scores[id] as double? ?? 0), special.Names.ContainsKey(id) ? PieceKind.Special : PieceKind.Text))],
                    special,
                    prefix: Find<object>(metadata, "tokenizer.ggml.add_space_prefix") is not false);
            case "gpt2":
                string[] merges = Texts(file, metadata, "tokenizer.ggml.merges") ?? throw file.Error("has a byte-level tokenizer without merges");
                string rule = Find<byte[]>(metadata, "tokenizer.ggml.pre") is { } pre ? Encoding.UTF8.GetString(pre) : "gpt-2";
                try
                {
                    return new ByteLevelTokenizer(tokens, [.. merges.Select(SplitMerge)], special, Pretokenizer.Named(rule), rule == "qwen2" ? new Normalizer(UnicodeForm.C.Of) : null);
                }
                catch (SkiptuneException exception)
                {
                    throw ErrorText.Of(file.Path, exception.Message, exception);
                }

            default:
                throw file.Error($"has a tokenizer of the kind {ErrorText.Quote(model)}; llama and gpt2 are supported");
        }

        int? Id(string key) => Find<object>(metadata, $"tokenizer.ggml.{key}") switch
        {
            null => null,
            long id when id >= 0 && id < tokens.Length => (int)id,
            _ => throw file.Error($"has a {key} that is no token"),
        };
    }

    /// <summary>The two parts of a merge as files write it.</summary>
    public static (string Left, string Right) SplitMerge(string merge)
    {
        int space = merge.Length < 2 ? -1 : merge.IndexOf(' ', 1);
        return space < 0 ? throw new SkiptuneException($"the merge {ErrorText.Quote(merge)} is no pair") : (merge[..space], merge[(space + 1)..]);
    }

    private static T? Find<T>(IReadOnlyDictionary<string, object> metadata, string key)
        where T : class => metadata.TryGetValue(key, out object? value) ? value as T : null;

    private static string[]? Texts(MappedFile file, IReadOnlyDictionary<string, object> metadata, string key) =>
        Find<object[]>(metadata, key)?.Select(text => text is byte[] bytes ? Encoding.UTF8.GetString(bytes) : throw file.Error($"has a {key} that holds something else than texts")).ToArray();
}
