using System.Collections.Immutable;
using Skiptune.Language.Models.Operators;
using Skiptune.Language.Weights;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.Language.Models;

/// <summary>Which weights of a decoder are constants of its graph, so that they can be trained.</summary>
internal enum TrainedWeights
{
    /// <summary>None: all stay in their file's format.</summary>
    None,

    /// <summary>The output matrix, in float32.</summary>
    Output,

    /// <summary>All, in float32.</summary>
    All,
}

/// <summary>
/// A decoder as a graph of operators: token ids (n x T) to the logits of the token that follows each (n x T x V). The same
/// graph is trained, evaluated and, with a memory of earlier tokens, generated with.
/// </summary>
internal static class DecoderGraph
{
    /// <summary>Makes the graph.</summary>
    /// <param name="model">The model.</param>
    /// <param name="length">T, the tokens of a sequence.</param>
    /// <param name="trained">Which weights are constants.</param>
    /// <param name="memory">Earlier tokens, which attention sees too; null for whole sequences.</param>
    /// <param name="lastOnly">True for the logits of the last place alone (n x 1 x V).</param>
    public static Graph Build(DecoderModel model, int length, TrainedWeights trained = TrainedWeights.None, KeyValueMemory? memory = null, bool lastOnly = false)
    {
        if (length < 1 || length > model.Config.Context)
            throw new SkiptuneException($"sequences of {length} tokens are not possible: the model's context is {model.Config.Context}");
        Builder builder = new(model, trained);
        builder.Embed();
        for (int block = 0; block < model.Config.Blocks; block++)
            builder.AddBlock(block, model.Weights.Blocks[block], new CausalAttention(model.Config, model.Rotary, block, memory));
        builder.Finish(lastOnly);
        return new Graph(model.Name, [new GraphInput(DecoderNames.Tokens, new Shape(length), IsInteger: true)], builder.Nodes, builder.Constants, [DecoderNames.Output]);
    }

    private sealed class Builder(DecoderModel model, TrainedWeights trained)
    {
        private readonly ImmutableDictionary<string, Tensor>.Builder _constants = ImmutableDictionary.CreateBuilder<string, Tensor>(StringComparer.Ordinal);

        public List<Node> Nodes { get; } = [];

        public ImmutableDictionary<string, Tensor> Constants => _constants.ToImmutable();

        public void Embed()
        {
            if (trained == TrainedWeights.All)
            {
                _constants[DecoderNames.Weight(DecoderNames.Embedding)] = model.Weights.Embedding.ToTensor();
                Add(DecoderNames.Embedding, new Gather(0), DecoderNames.Weight(DecoderNames.Embedding), DecoderNames.Tokens);
                return;
            }
            Add(DecoderNames.Embedding, new FrozenEmbedding(model.Weights.Embedding), DecoderNames.Tokens);
        }

        public void AddBlock(int block, BlockWeights weights, CausalAttention attention)
        {
            string norm = AddNorm(DecoderNames.AttentionNorm(block), DecoderNames.BlockInput(block), weights.AttentionNorm);
            ImmutableArray<string> inputs =
            [
                AddLinear(DecoderNames.Projection(block, 'q'), norm, weights.Query),
                AddLinear(DecoderNames.Projection(block, 'k'), norm, weights.Key),
                AddLinear(DecoderNames.Projection(block, 'v'), norm, weights.Value),
            ];
            Add(DecoderNames.Attention(block), attention, inputs);
            string attended = AddLinear(DecoderNames.Projection(block, 'o'), DecoderNames.Attention(block), new BiasedWeight(weights.Attention));
            Add(DecoderNames.Middle(block), new Add(), DecoderNames.BlockInput(block), attended);
            string middle = AddNorm(DecoderNames.FeedForwardNorm(block), DecoderNames.Middle(block), weights.FeedForwardNorm);
            string gate = AddLinear(DecoderNames.FeedForward(block, "gate"), middle, new BiasedWeight(weights.Gate));
            string up = AddLinear(DecoderNames.FeedForward(block, "up"), middle, new BiasedWeight(weights.Up));
            Add(DecoderNames.Activation(block), new SwiGlu(), gate, up);
            string down = AddLinear(DecoderNames.FeedForward(block, "down"), DecoderNames.Activation(block), new BiasedWeight(weights.Down));
            Add(DecoderNames.Block(block), new Add(), DecoderNames.Middle(block), down);
        }

        public void Finish(bool lastOnly)
        {
            string hidden = DecoderNames.BlockInput(model.Config.Blocks);
            if (lastOnly)
            {
                Add(DecoderNames.LastPlace, new Slice([new SliceRange(1, -1, int.MaxValue)]), hidden);
                hidden = DecoderNames.LastPlace;
            }
            string norm = AddNorm(DecoderNames.Norm, hidden, model.Weights.Norm);
            string weight = DecoderNames.Weight(DecoderNames.Output);
            // Trained alone, a tied output is a matrix of its own; trained with all else it is the embedding itself.
            if (trained == TrainedWeights.All && model.Weights.Output is null)
                weight = DecoderNames.Weight(DecoderNames.Embedding);
            WeightMatrix output = model.Weights.Output ?? model.Weights.Embedding;
            if (trained == TrainedWeights.None)
            {
                Add(DecoderNames.Output, new FrozenLinear(output), norm);
                return;
            }
            if (!_constants.ContainsKey(weight))
                _constants[weight] = output.ToTensor();
            Add(DecoderNames.Output, new Linear(), norm, weight);
        }

        private string AddNorm(string name, string input, Tensor scale)
        {
            _constants[DecoderNames.Weight(name)] = scale;
            return Add(name, new RmsNormalization(model.Config.NormEpsilon), input, DecoderNames.Weight(name));
        }

        private string AddLinear(string name, string input, BiasedWeight weight)
        {
            if (trained != TrainedWeights.All)
                return Add(name, new FrozenLinear(weight.Weight, weight.Bias), input);
            _constants[DecoderNames.Weight(name)] = weight.Weight.ToTensor();
            if (weight.Bias is null)
                return Add(name, new Linear(), input, DecoderNames.Weight(name));
            _constants[DecoderNames.Bias(name)] = weight.Bias;
            return Add(name, new Linear(), input, DecoderNames.Weight(name), DecoderNames.Bias(name));
        }

        private string Add(string name, Op op, params ImmutableArray<string> inputs)
        {
            Nodes.Add(new Node(name, op, inputs, [name]));
            return name;
        }
    }
}
