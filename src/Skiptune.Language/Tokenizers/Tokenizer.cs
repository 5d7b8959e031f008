using System.Collections.Immutable;
using System.Text;

namespace Skiptune.Language.Tokenizers;

/// <summary>Turns text into token ids and back. Used by any number of threads.</summary>
public abstract class Tokenizer
{
    private readonly Normalizer? _normalizer;

    private protected Tokenizer(int count, SpecialTokens special, Normalizer? normalizer = null)
    {
        Count = count;
        Special = special;
        _normalizer = normalizer is { IsEmpty: false } ? normalizer : null;
    }

    /// <summary>The tokens.</summary>
    public int Count { get; }

    /// <summary>The tokens that are no text.</summary>
    public SpecialTokens Special { get; }

    /// <summary>The tokens of a text. Text never becomes a special token.</summary>
    /// <param name="text">The text.</param>
    /// <param name="begin">True to begin with the token that begins sequences, if there is one.</param>
    public int[] Encode(string text, bool begin = false)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Encode(Encoding.UTF8.GetBytes(text), begin);
    }

    /// <summary>The tokens of bytes, which need not be valid UTF-8.</summary>
    /// <param name="text">The bytes.</param>
    /// <param name="begin">True to begin with the token that begins sequences, if there is one.</param>
    public int[] Encode(ReadOnlySpan<byte> text, bool begin = false)
    {
        List<int> tokens = [];
        if (begin && Special.Begin is { } first)
            tokens.Add(first);
        Append(text, tokens, start: true);
        return [.. tokens];
    }

    /// <summary>Adds the tokens of a text to others.</summary>
    /// <param name="text">The text.</param>
    /// <param name="tokens">What it is added to.</param>
    /// <param name="start">True if no text is before it, so that a space may be put there.</param>
    internal void Append(ReadOnlySpan<byte> text, List<int> tokens, bool start)
    {
        if (_normalizer is not null)
            text = Encoding.UTF8.GetBytes(_normalizer.Apply(Encoding.UTF8.GetString(text)));
        if (!text.IsEmpty)
            Encode(text, tokens, start);
    }

    /// <summary>The bytes of tokens; special ones have none.</summary>
    /// <param name="tokens">Ids.</param>
    public byte[] DecodeBytes(ReadOnlySpan<int> tokens)
    {
        List<byte> bytes = [];
        bool start = true;
        foreach (int token in tokens)
        {
            ReadOnlySpan<byte> piece = BytesOf(token, start);
            start &= piece.IsEmpty && IsSpecial(token);
            bytes.AddRange(piece);
        }
        return [.. bytes];
    }

    /// <summary>The text of tokens; special ones have none, and bytes that are no UTF-8 become U+FFFD.</summary>
    /// <param name="tokens">Ids.</param>
    public string Decode(ReadOnlySpan<int> tokens) => Encoding.UTF8.GetString(DecodeBytes(tokens));

    /// <summary>The bytes of one token.</summary>
    /// <param name="token">The id.</param>
    /// <param name="start">True for the first token of a text, whose space may be the tokenizer's own.</param>
    public abstract ReadOnlySpan<byte> BytesOf(int token, bool start = false);

    /// <summary>True for a token that is no text.</summary>
    public bool IsSpecial(int token) => Special.All.Contains(token);

    private protected abstract void Encode(ReadOnlySpan<byte> text, List<int> tokens, bool start);
}

/// <summary>The tokens that are no text.</summary>
public sealed record SpecialTokens
{
    /// <summary>What begins a sequence, or null.</summary>
    public int? Begin { get; init; }

    /// <summary>What chat templates call bos_token, or null; a tokenizer may name it and not put it before texts.</summary>
    public int? BeginOfSequence { get => field ?? Begin; init; }

    /// <summary>What chat templates call eos_token, or null.</summary>
    public int? EndOfSequence { get; init; }

    /// <summary>What ends one.</summary>
    public ImmutableHashSet<int> End { get; init; } = [];

    /// <summary>All special tokens by id, with their names.</summary>
    public ImmutableDictionary<int, string> Names { get; init; } = ImmutableDictionary<int, string>.Empty;

    /// <summary>The template of chat messages (Jinja), or null.</summary>
    public string? ChatTemplate { get; init; }

    internal ImmutableHashSet<int> All => _all ??= [.. Names.Keys, .. End, .. ((int?[])[Begin, BeginOfSequence, EndOfSequence]).OfType<int>()];

    private ImmutableHashSet<int>? _all;
}
