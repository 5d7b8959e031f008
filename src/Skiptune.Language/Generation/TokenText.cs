using System.Text;
using Skiptune.Language.Tokenizers;

namespace Skiptune.Language.Generation;

/// <summary>The text of tokens as they come, in whole characters.</summary>
/// <param name="tokenizer">The tokenizer.</param>
/// <param name="start">True if the first token begins a text, whose space may be the tokenizer's own.</param>
internal sealed class TokenText(Tokenizer tokenizer, bool start)
{
    private readonly Decoder _utf8 = Encoding.UTF8.GetDecoder();
    private readonly char[] _characters = new char[1024];
    private bool _start = start;

    /// <summary>What a token adds; empty in the middle of a character.</summary>
    public string Add(int token)
    {
        ReadOnlySpan<byte> bytes = tokenizer.BytesOf(token, _start);
        _start = false;
        string piece = string.Empty;
        while (!bytes.IsEmpty)
        {
            _utf8.Convert(bytes, _characters, flush: false, out int used, out int made, out _);
            bytes = bytes[used..];
            piece += new string(_characters, 0, made);
        }
        return piece;
    }
}
