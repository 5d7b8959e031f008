using Skiptune.Data;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.FineTuning;

/// <summary>Fits a new head to the frozen features of the training samples.</summary>
internal static class HeadFit
{
    /// <summary>The penalty, as a share of the features' mean variance.</summary>
    public const double Penalty = 0.1;

    /// <summary>Writes the head's weight and bias.</summary>
    /// <param name="headed">The base network with the new head.</param>
    /// <param name="data">The training samples.</param>
    /// <param name="values">The trained constants; those of the head are overwritten.</param>
    /// <param name="context">Kernels, threads, memory.</param>
    /// <param name="cancellationToken">Ends it with an exception.</param>
    public static void Run(Graph headed, DataSet data, Dictionary<string, Tensor> values, ProgramContext context, CancellationToken cancellationToken)
    {
        (Tensor weight, Tensor bias) = (values[NewHead.Weight], values[NewHead.Bias]);
        (int classes, int width) = (weight.Shape[0], weight.Shape[1]);
        string features = NewHead.FeaturesOf(headed);
        if (data.Targets.Kind != TargetKind.Classes)
            throw new SkiptuneException("a new head needs data with classes; leave the classes of the head out, or give labels");
        Ridge ridge = new(width, classes);
        float[] target = new float[classes];
        foreach ((GraphProgram program, int first, int count) in Evaluator.Batches(headed.EndingAt(features), data, context, cancellationToken))
        {
            for (int i = 0; i < count; i++)
            {
                target.AsSpan().Clear();
                target[data.Labels[first + i]] = 1;
                ridge.Add(program.Value(features).Span.Slice(i * width, width), target);
            }
        }
        ridge.Solve(Penalty, weight.Span, bias.Span);
    }
}
