using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using Skiptune.Files;
using Skiptune.Language.Tokenizers;

namespace Skiptune.Language.Files;

/// <summary>
/// llama2.c's tokenizer.bin: the length of the longest piece (int32), then for each piece a score (float32), a length
/// (int32) and the bytes. Pieces 0, 1 and 2 are unknown, begin and end.
/// </summary>
internal static class Llama2cTokenizer
{
    private const int MaxBytes = 64 << 20;

    private const int MaxPieceBytes = 1 << 12;

    public static Tokenizer Read(string path, int vocabulary)
    {
        ReadOnlySpan<byte> bytes = BoundedFile.ReadAllBytes(path, MaxBytes);
        List<Piece> pieces = [];
        Take(path, ref bytes, sizeof(int));
        while (!bytes.IsEmpty)
        {
            float score = BinaryPrimitives.ReadSingleLittleEndian(Take(path, ref bytes, sizeof(float)));
            int length = BinaryPrimitives.ReadInt32LittleEndian(Take(path, ref bytes, sizeof(int)));
            if (length is < 0 or > MaxPieceBytes || !float.IsFinite(score))
                throw ErrorText.Of(path, $"is not a tokenizer of llama2.c: piece {pieces.Count} has {length} bytes and a score of {score}");
            ReadOnlySpan<byte> piece = Take(path, ref bytes, length);
            pieces.Add(pieces.Count < 3 ? new Piece([.. piece], score, PieceKind.Special) : Piece.Parse(Encoding.UTF8.GetString(piece), score, PieceKind.Text));
        }
        if (pieces.Count != vocabulary)
            throw ErrorText.Of(path, $"has {pieces.Count} pieces, the model has {vocabulary} tokens; give the model's own tokenizer");
        SpecialTokens special = new()
        {
            Begin = 1,
            EndOfSequence = 2,
            End = [1, 2],
            Names = ImmutableDictionary<int, string>.Empty.Add(0, "<unk>").Add(1, "<s>").Add(2, "</s>"),
        };
        return new SentencePieceTokenizer(pieces, special, prefix: true);
    }

    private static ReadOnlySpan<byte> Take(string path, ref ReadOnlySpan<byte> bytes, int count)
    {
        if (count > bytes.Length)
            throw ErrorText.Of(path, "is cut short or not a tokenizer of llama2.c");
        ReadOnlySpan<byte> taken = bytes[..count];
        bytes = bytes[count..];
        return taken;
    }
}
