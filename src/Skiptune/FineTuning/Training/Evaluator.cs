using Skiptune.Data;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.FineTuning;

/// <summary>Runs a network over a data set and compares its answers with the labels.</summary>
internal static class Evaluator
{
    /// <summary>Samples a run of the forward pass.</summary>
    public const int Batch = 64;

    private static readonly Dictionary<string, Tensor> None = [];

    public static Evaluation Evaluate(
        Graph graph, DataSet data, ProgramContext context, CancellationToken cancellationToken)
    {
        InputCheck.Run(graph, data);
        string output = graph.Outputs[0];
        int classes = ShapeInference.Infer(graph, 1)[output][1];
        float[] scratch = new float[classes];
        int right = 0;
        double loss = 0;
        foreach ((GraphProgram program, int first, int count) in Batches(graph, data, context, cancellationToken))
        {
            Tensor logits = program.Value(output);
            ReadOnlySpan<int> labels = data.Labels.Slice(first, count);
            loss += CrossEntropy.Sum(context.Kernels, logits, labels, scratch);
            for (int i = 0; i < count; i++)
            {
                if (IndexOfMax(logits.Span.Slice(i * classes, classes)) == labels[i])
                    right++;
            }
        }
        return new Evaluation((double)right / data.Count, loss / data.Count, data.Count);
    }

    /// <summary>Runs a network over all samples in order: after each step the first <c>Count</c> rows of its values are those of the samples from <c>First</c> on.</summary>
    public static IEnumerable<(GraphProgram Program, int First, int Count)> Batches(
        Graph graph, DataSet data, ProgramContext context, CancellationToken cancellationToken)
    {
        GraphProgram program = GraphProgram.Compile(graph, Math.Min(Batch, data.Count), None, None, context);
        int[] samples = new int[program.Batch];
        for (int first = 0; first < data.Count; first += program.Batch)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = Math.Min(program.Batch, data.Count - first);
            // The last batch is filled up with its last sample.
            for (int i = 0; i < samples.Length; i++)
                samples[i] = first + Math.Min(i, count - 1);
            data.Read(samples, program.Value(graph.Inputs[0].Name).Span);
            program.Forward();
            yield return (program, first, count);
        }
    }

    private static int IndexOfMax(ReadOnlySpan<float> values)
    {
        int best = 0;
        for (int i = 1; i < values.Length; i++)
        {
            if (values[i] > values[best])
                best = i;
        }
        return best;
    }
}

/// <summary>Whether a data set fits a network.</summary>
internal static class InputCheck
{
    /// <summary>Throws unless it does.</summary>
    public static void Run(Graph graph, DataSet data)
    {
        if (graph.Inputs.Length != 1)
            throw new SkiptuneException($"the model '{graph.Name}' has {graph.Inputs.Length} inputs; only models with one are supported");
        if (graph.Inputs[0].SampleShape != data.SampleShape)
            throw new SkiptuneException($"the model '{graph.Name}' takes samples of {graph.Inputs[0].SampleShape}, the data have {data.SampleShape}");
        Shape output = ShapeInference.Infer(graph, 1)[graph.Outputs[0]];
        if (output.Rank != 2)
            throw new SkiptuneException($"the model's output '{graph.Outputs[0]}' has the shape {output}; one vector a sample is needed");
        if (data.ClassCount > output[1])
            throw new SkiptuneException($"the data have {data.ClassCount} classes, the model's output '{graph.Outputs[0]}' only {output[1]}");
    }
}
