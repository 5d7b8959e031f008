using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.FineTuning;

/// <summary>
/// Answers for one sample at a time, as a stream needs it: compiled once, on the calling thread, without allocating.
/// Made by <see cref="Model.CreatePredictor"/>.
/// </summary>
/// <remarks>Used by one caller at a time; make one for each thread. The answers have the bits of <see cref="Model.Predict"/>.</remarks>
public sealed class Predictor
{
    private static readonly Dictionary<string, Tensor> None = [];

    private readonly GraphProgram _program;
    private readonly Tensor _input;
    private readonly Tensor _scores;
    private readonly bool _binary;

    internal Predictor(Graph graph, OutputLayer layer)
    {
        if (graph.Inputs.Length != 1)
            throw new SkiptuneException($"the model '{graph.Name}' has {graph.Inputs.Length} inputs; only models with one are supported");
        layer.CheckVector();
        _program = GraphProgram.Compile(
            InferencePasses.Apply(graph.EndingAt(layer.Scores)), 1, None, None, new ProgramContext(KernelSet.Current, new Workers(1)));
        _input = _program.Value(graph.Inputs[0].Name);
        _scores = _program.Value(layer.Scores);
        _binary = layer.IsBinary;
        SampleShape = graph.Inputs[0].SampleShape;
        Classes = layer.Classes;
    }

    /// <summary>The extents of a sample.</summary>
    public Shape SampleShape { get; }

    /// <summary>The classes told apart.</summary>
    public int Classes { get; }

    /// <summary>Computes a sample's scores, those before a final Softmax, LogSoftmax or Sigmoid.</summary>
    /// <param name="sample">As many values as <see cref="SampleShape"/> has.</param>
    /// <returns>The scores; valid until the next call.</returns>
    /// <exception cref="ArgumentException">The sample has another length.</exception>
    public ReadOnlySpan<float> Scores(ReadOnlySpan<float> sample)
    {
        if (sample.Length != _input.Shape.Count)
            throw new ArgumentException($"a sample has {_input.Shape.Count} values, not {sample.Length}", nameof(sample));
        sample.CopyTo(_input.Span);
        _program.Forward();
        return _scores.Span;
    }

    /// <summary>Says which class a sample is of, and how probable that is by the model.</summary>
    /// <param name="sample">As many values as <see cref="SampleShape"/> has.</param>
    /// <returns>The class of the largest score, and its softmax (of a single score: its sigmoid), 0 .. 1.</returns>
    /// <exception cref="ArgumentException">The sample has another length.</exception>
    /// <exception cref="SkiptuneException">A score is not finite.</exception>
    public (int Class, float Probability) Classify(ReadOnlySpan<float> sample)
    {
        ReadOnlySpan<float> scores = Scores(sample);
        int best = Evaluator.ClassOf(scores);
        if (_binary)
        {
            double yes = 1 / (1 + Math.Exp(-scores[0]));
            return (best, (float)(best == 1 ? yes : 1 - yes));
        }
        double sum = 0;
        foreach (float score in scores)
            sum += Math.Exp((double)score - scores[best]);
        if (!double.IsFinite(sum))
            throw new SkiptuneException("the model's output is not finite; check the model, the adapter and the sample");
        return (best, (float)(1 / sum));
    }
}
