using System.Collections.Immutable;
using Skiptune.Language.Weights;
using Skiptune.Numerics;

namespace Skiptune.Language.Models;

/// <summary>The weights of a decoder; matrices are out x in.</summary>
/// <param name="Embedding">Vocabulary x width.</param>
/// <param name="Blocks">The blocks, from the first.</param>
/// <param name="Norm">Width: the scale of the last normalisation.</param>
/// <param name="Output">Vocabulary x width; null if it is the embedding (tied).</param>
public sealed record DecoderWeights(WeightMatrix Embedding, ImmutableArray<BlockWeights> Blocks, Tensor Norm, WeightMatrix? Output)
{
    /// <summary>The values of all weights, a tied output counted once.</summary>
    public long Count => Matrices.Sum(matrix => (long)matrix.Rows * matrix.Columns) + Norm.Shape.Count
        + Blocks.Sum(block => (long)block.AttentionNorm.Shape.Count + block.FeedForwardNorm.Shape.Count + Biases(block).Sum(bias => (long)bias.Shape.Count));

    /// <summary>The bytes of all matrices as they are held.</summary>
    public long Bytes => Matrices.Sum(matrix => matrix.Bytes);

    private IEnumerable<WeightMatrix> Matrices =>
    [
        Embedding,
        .. Blocks.SelectMany(block => (WeightMatrix[])[block.Query.Weight, block.Key.Weight, block.Value.Weight, block.Attention, block.Gate, block.Up, block.Down]),
        .. Output is null ? [] : (WeightMatrix[])[Output],
    ];

    private static IEnumerable<Tensor> Biases(BlockWeights block) => ((Tensor?[])[block.Query.Bias, block.Key.Bias, block.Value.Bias]).OfType<Tensor>();
}

/// <summary>The weights of one block.</summary>
/// <param name="AttentionNorm">Width.</param>
/// <param name="Query">Query width x width.</param>
/// <param name="Key">Key-value width x width.</param>
/// <param name="Value">Key-value width x width.</param>
/// <param name="Attention">Width x query width: the attention's output.</param>
/// <param name="FeedForwardNorm">Width.</param>
/// <param name="Gate">Hidden x width.</param>
/// <param name="Up">Hidden x width.</param>
/// <param name="Down">Width x hidden.</param>
public sealed record BlockWeights(
    Tensor AttentionNorm,
    BiasedWeight Query,
    BiasedWeight Key,
    BiasedWeight Value,
    WeightMatrix Attention,
    Tensor FeedForwardNorm,
    WeightMatrix Gate,
    WeightMatrix Up,
    WeightMatrix Down);

/// <summary>A weight and perhaps a bias.</summary>
/// <param name="Weight">out x in.</param>
/// <param name="Bias">out values, or null.</param>
public sealed record BiasedWeight(WeightMatrix Weight, Tensor? Bias = null);
