using Skiptune.Data;
using Skiptune.Language.Models;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.Language.Classification;

/// <summary>
/// Texts as their pooled states, (L + 1) d values each, which the decoder computes whenever they are read: the forward cache
/// is what keeps them. In order of length, so that texts read together are about as long.
/// </summary>
internal sealed class PooledTexts : DataSet
{
    // Texts that the scale of the states is taken from.
    private const int MostMeasured = 128;

    private readonly int[][] _tokens;
    private readonly Func<int[][], CancellationToken, Tensor> _statesOf;
    private readonly StateScale? _scale;

    private PooledTexts(Shape shape, Targets targets, int[][] tokens, Func<int[][], CancellationToken, Tensor> statesOf, StateScale? scale = null)
        : base(shape, targets) => (_tokens, _statesOf, _scale) = (tokens, statesOf, scale);

    /// <summary>Makes the data set.</summary>
    /// <param name="model">The decoder.</param>
    /// <param name="tokens">The tokens of each text.</param>
    /// <param name="targets">What is known of each text.</param>
    /// <param name="pooling">How states are pooled.</param>
    /// <param name="threads">Threads, 0 for one a processor.</param>
    public static PooledTexts Of(DecoderModel model, int[][] tokens, Targets targets, Pooling pooling, int threads)
    {
        int[] order = [.. Enumerable.Range(0, tokens.Length).OrderBy(text => tokens[text].Length)];
        Shape shape = new((model.Config.Blocks + 1) * model.Config.Width);
        return new PooledTexts(shape, targets.Select(order), [.. order.Select(text => tokens[text])], (some, cancellationToken) =>
        {
            using Workers workers = new(threads);
            return TokenRuns.States(model, some, pooling, new ProgramContext(KernelSet.Current, workers), cancellationToken);
        });
    }

    /// <summary>The scale of the states, measured on some of the texts.</summary>
    public StateScale Measure(CancellationToken cancellationToken)
    {
        int count = Math.Min(Count, MostMeasured);
        return StateScale.Of(_statesOf([.. Enumerable.Range(0, count).Select(i => _tokens[(int)((long)i * Count / count)])], cancellationToken));
    }

    /// <summary>The same texts, their states brought to a scale.</summary>
    public PooledTexts Scaled(StateScale scale) => new(SampleShape, Targets, _tokens, _statesOf, scale);

    /// <summary>The same texts, their states computed once and held in float32.</summary>
    public PooledTexts Held(CancellationToken cancellationToken)
    {
        Tensor all = _statesOf(_tokens, cancellationToken);
        Dictionary<int[], int> rows = _tokens.Index().ToDictionary(text => text.Item, text => text.Index);
        return new PooledTexts(SampleShape, Targets, _tokens, (some, _) =>
        {
            Tensor states = new(new Shape(some.Length, all.Shape[1]));
            for (int i = 0; i < some.Length; i++)
                all.Rows(rows[some[i]], 1).Span.CopyTo(states.Rows(i, 1).Span);
            return states;
        });
    }

    protected override void ReadSamples(ReadOnlySpan<int> indices, Span<float> destination)
    {
        int[][] tokens = new int[indices.Length][];
        for (int i = 0; i < tokens.Length; i++)
            tokens[i] = _tokens[indices[i]];
        Tensor states = _statesOf(tokens, CancellationToken.None);
        for (int i = 0; i < tokens.Length; i++)
            _scale?.Apply(states.Rows(i, 1).Span);
        states.Span.CopyTo(destination);
    }
}
