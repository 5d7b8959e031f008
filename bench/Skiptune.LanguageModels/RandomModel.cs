using System.Collections.Immutable;
using Skiptune.Language.Models;
using Skiptune.Language.Tokenizers;
using Skiptune.Language.Weights;
using Skiptune.Numerics;

namespace Skiptune.LanguageModels;

/// <summary>A model of random weights in the shape of SmolLM-135M: what it says is nonsense, what it costs is not.</summary>
internal static class RandomModel
{
    public static DecoderConfig Shape135M { get; } = new()
    {
        Width = 576,
        Hidden = 1536,
        Blocks = 30,
        Heads = 9,
        KeyValueHeads = 3,
        HeadSize = 64,
        Vocabulary = 49_152,
        Context = 2048,
        RotaryLayout = RotaryLayout.Halves,
    };

    public static DecoderModel Create(DecoderConfig config, WeightFormat format)
    {
        SeededRandom random = new(1);
        BlockWeights[] blocks =
        [
            .. Enumerable.Range(0, config.Blocks).Select(_ => new BlockWeights(
                Ones(config.Width),
                new(Matrix(random, format, config.QueryWidth, config.Width)),
                new(Matrix(random, format, config.KeyValueWidth, config.Width)),
                new(Matrix(random, format, config.KeyValueWidth, config.Width)),
                Matrix(random, format, config.Width, config.QueryWidth),
                Ones(config.Width),
                Matrix(random, format, config.Hidden, config.Width),
                Matrix(random, format, config.Hidden, config.Width),
                Matrix(random, format, config.Width, config.Hidden))),
        ];
        DecoderWeights weights = new(Matrix(random, format, config.Vocabulary, config.Width), [.. blocks], Ones(config.Width), Output: null);
        Piece[] pieces = [.. Enumerable.Range(0, config.Vocabulary).Select(id => new Piece([.. BitConverter.GetBytes(id)], 0, PieceKind.Text))];
        return new DecoderModel("random", config, weights, new SentencePieceTokenizer(pieces, new SpecialTokens { End = ImmutableHashSet<int>.Empty }, prefix: false), () => "random");
    }

    private static Tensor Ones(int length)
    {
        Tensor tensor = new(new Shape(length));
        tensor.Span.Fill(1);
        return tensor;
    }

    private static unsafe WeightMatrix Matrix(SeededRandom random, WeightFormat format, int rows, int columns)
    {
        byte[] bytes = GC.AllocateUninitializedArray<byte>((int)format.Bytes((long)rows * columns), pinned: true);
        float limit = MathF.Sqrt(3f / columns);
        fixed (byte* start = bytes)
        {
            for (int at = 0; at < bytes.Length; at += format.BlockBytes())
            {
                if (format == WeightFormat.F32)
                {
                    *(float*)(start + at) = (2 * random.NextSingle() - 1) * limit;
                    continue;
                }
                if (format == WeightFormat.BF16)
                {
                    *(ushort*)(start + at) = (ushort)(BitConverter.SingleToUInt32Bits((2 * random.NextSingle() - 1) * limit) >> 16);
                    continue;
                }
                // The levels are random, the scale is that of such levels.
                for (int i = 2; i < format.BlockBytes(); i++)
                    start[at + i] = (byte)random.NextUInt64();
                *(Half*)(start + at) = (Half)(limit / (format == WeightFormat.Q8_0 ? 128 : 8));
            }
            return new WeightMatrix(format, rows, columns, bytes, start);
        }
    }
}
