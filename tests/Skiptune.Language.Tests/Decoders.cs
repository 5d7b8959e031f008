using System.Collections.Immutable;
using Skiptune.Language.Models;
using Skiptune.Language.Tokenizers;
using Skiptune.Language.Weights;
using Skiptune.Numerics;

namespace Skiptune.Language.Tests;

/// <summary>Small models of random weights.</summary>
internal static class Decoders
{
    public static DecoderConfig Tiny { get; } = new()
    {
        Width = 32,
        Hidden = 64,
        Blocks = 2,
        Heads = 4,
        KeyValueHeads = 2,
        HeadSize = 8,
        Vocabulary = 259,
        Context = 32,
    };

    public static DecoderModel Random(DecoderConfig config, bool tied, bool biases, long seed = 1)
    {
        SeededRandom random = new(seed);
        WeightMatrix Matrix(int rows, int columns) => WeightMatrix.Of(rows, columns, Values(rows * columns, MathF.Sqrt(3f / columns), 0));
        Tensor Scale() => new(new Shape(config.Width), Values(config.Width, 0.3f, 1));
        BiasedWeight Biased(int rows) => new(Matrix(rows, config.Width), biases ? new Tensor(new Shape(rows), Values(rows, 0.5f, 0)) : null);
        float[] Values(int count, float limit, float center)
        {
            float[] values = new float[count];
            random.FillUniform(values, limit);
            for (int i = 0; i < count; i++)
                values[i] += center;
            return values;
        }

        DecoderWeights weights = new(
            Matrix(config.Vocabulary, config.Width),
            [
                .. Enumerable.Range(0, config.Blocks).Select(_ => new BlockWeights(
                    Scale(), Biased(config.QueryWidth), Biased(config.KeyValueWidth), Biased(config.KeyValueWidth), Matrix(config.Width, config.QueryWidth),
                    Scale(), Matrix(config.Hidden, config.Width), Matrix(config.Hidden, config.Width), Matrix(config.Width, config.Hidden))),
            ],
            Scale(),
            tied ? null : Matrix(config.Vocabulary, config.Width));
        return new DecoderModel("random", config, weights, Tokenizer(config.Vocabulary), () => $"random {seed}");
    }

    /// <summary>Three special tokens, then one for each byte.</summary>
    public static Tokenizer Tokenizer(int count) => new SentencePieceTokenizer(Pieces(count), Special, prefix: true);

    public static SpecialTokens Special { get; } = new()
    {
        Begin = 1,
        End = [2],
        Names = ImmutableDictionary<int, string>.Empty.Add(0, "<unk>").Add(1, "<s>").Add(2, "</s>"),
    };

    public static Piece[] Pieces(int count) =>
        [.. Enumerable.Range(0, count).Select(id => id < 3 ? Piece.Parse(Special.Names[id], 0, PieceKind.Special) : Piece.Parse($"<0x{id - 3:X2}>", 0, PieceKind.Text))];
}
