using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Skiptune.Language.Tokenizers;

/// <summary>A piece of a SentencePiece vocabulary.</summary>
/// <param name="Bytes">Its text in UTF-8; spaces are spaces, not U+2581.</param>
/// <param name="Score">Merges that make pieces of higher scores come first.</param>
/// <param name="Kind">What it stands for.</param>
internal sealed record Piece(ImmutableArray<byte> Bytes, float Score, PieceKind Kind)
{
    private const string Space = "\u2581";

    /// <summary>A piece as files write it: its space may be U+2581, a byte is &lt;0x0A&gt;.</summary>
    public static Piece Parse(string text, float score, PieceKind kind)
    {
        if (kind == PieceKind.Text && text.Length == 6 && text.StartsWith("<0x", StringComparison.Ordinal) && text[5] == '>'
            && byte.TryParse(text.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte value))
        {
            return new Piece([value], score, PieceKind.Byte);
        }
        return new Piece([.. Encoding.UTF8.GetBytes(text.Replace(Space, " ", StringComparison.Ordinal))], score, kind);
    }
}

/// <summary>What a piece stands for.</summary>
internal enum PieceKind
{
    /// <summary>Text.</summary>
    Text,

    /// <summary>One byte of what no piece of text covers.</summary>
    Byte,

    /// <summary>No text.</summary>
    Special,
}

/// <summary>
/// SentencePiece's byte-pair encoding (Kudo and Richardson, 2018) as Llama 2 uses it: characters are merged, what is no
/// piece falls back to bytes, and a space is put before the text. A literal U+2581 falls back to bytes, so that every text
/// comes back as it was.
/// </summary>
internal sealed class SentencePieceTokenizer : Tokenizer
{
    private const byte Space = (byte)' ';

    private readonly Piece[] _pieces;
    private readonly Dictionary<string, int> _texts = new(StringComparer.Ordinal);
    private readonly int[] _bytes = new int[256];
    private readonly Func<int, int, PairMerge?> _find;
    private readonly bool _prefix;
    private readonly int _unknown;

    /// <summary>Makes a tokenizer.</summary>
    /// <param name="pieces">The pieces by id.</param>
    /// <param name="special">The tokens that are no text.</param>
    /// <param name="prefix">True to put a space before each text.</param>
    /// <param name="merges">The order in which pairs are merged; null for that of the scores of what they become.</param>
    /// <param name="normalizer">Changes a text before; null leaves it as it is.</param>
    public SentencePieceTokenizer(
        IReadOnlyList<Piece> pieces, SpecialTokens special, bool prefix, IReadOnlyDictionary<(int Left, int Right), PairMerge>? merges = null, Normalizer? normalizer = null)
        : base(pieces.Count, special, normalizer)
    {
        _pieces = [.. pieces];
        _prefix = prefix;
        Array.Fill(_bytes, -1);
        for (int id = 0; id < _pieces.Length; id++)
        {
            if (_pieces[id] is { Kind: PieceKind.Text, Bytes.IsEmpty: false } && !IsSpecial(id))
                _texts.TryAdd(Key(_pieces[id].Bytes.AsSpan()), id);
            else if (_pieces[id].Kind == PieceKind.Byte)
                _bytes[_pieces[id].Bytes[0]] = id;
        }
        _unknown = special.Names.FirstOrDefault(name => name.Value.Contains("unk", StringComparison.Ordinal), new KeyValuePair<int, string>(0, "")).Key;
        _find = merges is null ? FindByScore : (left, right) => merges.TryGetValue((left, right), out PairMerge merge) ? merge : null;
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> BytesOf(int token, bool start = false)
    {
        if ((uint)token >= (uint)_pieces.Length || IsSpecial(token) || _pieces[token].Kind == PieceKind.Special)
            return default;
        ReadOnlySpan<byte> bytes = _pieces[token].Bytes.AsSpan();
        return start && _prefix && bytes is [Space, ..] ? bytes[1..] : bytes;
    }

    private protected override void Encode(ReadOnlySpan<byte> text, List<int> tokens, bool start)
    {
        List<int> units = [];
        if (_prefix && start)
            AddCharacter(" "u8, units);
        while (!text.IsEmpty)
        {
            // What is no UTF-8 is taken byte by byte.
            if (Rune.DecodeFromUtf8(text, out _, out int length) != System.Buffers.OperationStatus.Done)
                length = 1;
            AddCharacter(text[..length], units);
            text = text[length..];
        }
        PairMerges.Run(units, _find);
        tokens.AddRange(units);
    }

    private void AddCharacter(ReadOnlySpan<byte> character, List<int> units)
    {
        if (_texts.TryGetValue(Key(character), out int id))
        {
            units.Add(id);
            return;
        }
        foreach (byte value in character)
            units.Add(_bytes[value] >= 0 ? _bytes[value] : _unknown);
    }

    private PairMerge? FindByScore(int left, int right)
    {
        (Piece a, Piece b) = (_pieces[left], _pieces[right]);
        if (a.Kind != PieceKind.Text || b.Kind != PieceKind.Text)
            return null;
        string key = string.Concat(Key(a.Bytes.AsSpan()), Key(b.Bytes.AsSpan()));
        return _texts.TryGetValue(key, out int merged) ? new PairMerge(merged, -_pieces[merged].Score) : null;
    }

    // Bytes as characters of the same numbers: a text for any bytes.
    private static string Key(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);
}
