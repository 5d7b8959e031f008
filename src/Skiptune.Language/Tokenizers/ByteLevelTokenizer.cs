using System.Text;

namespace Skiptune.Language.Tokenizers;

/// <summary>
/// Byte-level byte-pair encoding (Radford et al., 2019): bytes are merged within words. Vocabularies write each byte as a
/// printable character. Bytes that are no UTF-8 become U+FFFD, because words are made of characters.
/// </summary>
internal sealed class ByteLevelTokenizer : Tokenizer
{
    private static readonly char[] CharacterOf = Characters();
    private static readonly Dictionary<char, byte> ByteOf = CharacterOf.Select((character, value) => (character, (byte)value)).ToDictionary(pair => pair.character, pair => pair.Item2);

    private readonly byte[][] _pieces;
    private readonly int[] _bytes = new int[256];
    private readonly Dictionary<(int, int), PairMerge> _merges = [];
    private readonly Pretokenizer _pretokenizer;

    /// <summary>Makes a tokenizer.</summary>
    /// <param name="tokens">The tokens by id, a character for each byte.</param>
    /// <param name="merges">Pairs, in the order in which they are merged.</param>
    /// <param name="special">The tokens that are no text.</param>
    /// <param name="pretokenizer">Cuts a text into words.</param>
    /// <param name="normalizer">Changes a text before; null leaves it as it is.</param>
    /// <exception cref="SkiptuneException">A byte has no token, or a merge is of no tokens.</exception>
    public ByteLevelTokenizer(
        IReadOnlyList<string> tokens, IReadOnlyList<(string Left, string Right)> merges, SpecialTokens special, Pretokenizer pretokenizer, Normalizer? normalizer = null)
        : base(tokens.Count, special, normalizer)
    {
        _pretokenizer = pretokenizer;
        Dictionary<string, int> ids = new(StringComparer.Ordinal);
        _pieces = new byte[tokens.Count][];
        for (int id = 0; id < tokens.Count; id++)
        {
            // Added tokens are written as they are, and may hold any character.
            _pieces[id] = tokens[id].All(ByteOf.ContainsKey) ? [.. tokens[id].Select(character => ByteOf[character])] : Encoding.UTF8.GetBytes(tokens[id]);
            if (!IsSpecial(id))
                ids.TryAdd(tokens[id], id);
        }
        for (int value = 0; value < 256; value++)
            _bytes[value] = ids.TryGetValue(CharacterOf[value].ToString(), out int id) ? id : throw new SkiptuneException($"the tokenizer has no token for the byte {value}");
        for (int i = 0; i < merges.Count; i++)
        {
            (string left, string right) = merges[i];
            if (!ids.TryGetValue(left, out int a) || !ids.TryGetValue(right, out int b) || !ids.TryGetValue(left + right, out int merged))
                throw new SkiptuneException(ErrorText.OneLine($"the tokenizer's merge of {ErrorText.Quote(left)} and {ErrorText.Quote(right)} is not of its tokens"));
            _merges.TryAdd((a, b), new PairMerge(merged, i));
        }
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> BytesOf(int token, bool start = false) =>
        (uint)token >= (uint)_pieces.Length || IsSpecial(token) ? default : _pieces[token];

    private protected override void Encode(ReadOnlySpan<byte> text, List<int> tokens, bool start)
    {
        foreach (string word in _pretokenizer.Split(Encoding.UTF8.GetString(text)))
        {
            List<int> units = [.. Encoding.UTF8.GetBytes(word).Select(value => _bytes[value])];
            PairMerges.Run(units, (left, right) => _merges.TryGetValue((left, right), out PairMerge merge) ? merge : null);
            tokens.AddRange(units);
        }
    }

    // Bytes that print stand for themselves, the others for the characters from 256 on.
    private static char[] Characters()
    {
        char[] characters = new char[256];
        int next = 256;
        for (int value = 0; value < 256; value++)
        {
            bool prints = value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);
            characters[value] = prints ? (char)value : (char)next++;
        }
        return characters;
    }
}
