using Skiptune.Data;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.FineTuning;

/// <summary>Runs a network over a data set and compares its answers with the labels.</summary>
internal static class Evaluator
{
    public static Evaluation Evaluate(
        Graph graph, OutputLayer layer, DataSet data, ProgramContext context, CancellationToken cancellationToken)
    {
        InputCheck.Run(graph, layer, data);
        string output = layer.ReadFor(data.Targets.Kind);
        int batch = Math.Min(ForwardBatch.Most, data.Count);
        Objective objective = Objective.For(data, layer, batch, context.Workers);
        Tensor scratch = new(new Shape(batch, layer.Shape.Count));
        ConfusionMatrix? confusion = data.Targets.Kind == TargetKind.Classes && layer.Classes <= ConfusionMatrix.MostClasses ? new ConfusionMatrix(layer.Classes) : null;
        int right = 0;
        double loss = 0;
        long weights = 0;
        foreach ((GraphProgram program, int first, int count) in Batches(InferencePasses.Apply(graph.EndingAt(output)), data, context, cancellationToken))
        {
            int[] samples = [.. Enumerable.Range(first, count)];
            Tensor results = program.Value(output).Rows(0, count);
            long weight = objective.Weight(data, samples);
            weights += weight;
            loss += weight * objective.Compute(context.Kernels, results, data, samples, scratch.Rows(0, count).Reshape(results.Shape));
            for (int i = 0; data.Targets.Kind == TargetKind.Classes && i < count; i++)
            {
                if (!results.Rows(i, 1).IsFinite())
                    throw new SkiptuneException($"the model's output for sample {first + i} is not finite; check the model, the adapter and the data");
                int prediction = ClassOf(results.Rows(i, 1).Span);
                right += prediction == data.Labels[first + i] ? 1 : 0;
                confusion?.Add(data.Labels[first + i], prediction);
            }
        }
        double accuracy = data.Targets.Kind == TargetKind.Classes ? (double)right / data.Count : double.NaN;
        return new Evaluation(accuracy, loss / weights, data.Count) { Confusion = confusion };
    }

    /// <summary>A value of the network for every sample, in order.</summary>
    public static Tensor Predict(Graph graph, string output, DataSet data, ProgramContext context, CancellationToken cancellationToken)
    {
        Tensor all = new(ShapeInference.Infer(graph, 1)[output].WithBatch(data.Count));
        foreach ((GraphProgram program, int first, int count) in Batches(InferencePasses.Apply(graph.EndingAt(output)), data, context, cancellationToken))
            program.Value(output).Rows(0, count).Span.CopyTo(all.Rows(first, count).Span);
        return all;
    }

    /// <summary>Runs a network, for its outputs, over all samples in order: after each step the first <c>Count</c> rows of its values are those of the samples from <c>First</c> on.</summary>
    public static IEnumerable<(GraphProgram Program, int First, int Count)> Batches(
        Graph graph, DataSet data, ProgramContext context, CancellationToken cancellationToken)
    {
        ForwardTeam team = ForwardTeam.Compile(graph, data.Count, context);
        Action<GraphProgram, int> forward = (program, _) => program.Forward();
        int[] samples = new int[team.Batch];
        for (int round = 0; round < data.Count; round += team.Batch * team.Count)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (int number = 0; number < team.Count; number++)
            {
                // The last batches are filled up with the last sample.
                for (int i = 0; i < samples.Length; i++)
                    samples[i] = Math.Min(round + number * team.Batch + i, data.Count - 1);
                data.Read(samples, team.Program(number).Value(graph.Inputs[0].Name).Span);
            }
            team.Run(forward);
            for (int number = 0; number < team.Count; number++)
            {
                int first = round + number * team.Batch;
                if (first < data.Count)
                    yield return (team.Program(number), first, Math.Min(team.Batch, data.Count - first));
            }
        }
    }

    // The largest of several scores; a single one says yes above 0.
    public static int ClassOf(ReadOnlySpan<float> values)
    {
        if (values.Length == 1)
            return values[0] > 0 ? 1 : 0;
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
    /// <summary>Throws unless samples and targets do.</summary>
    public static void Run(Graph graph, OutputLayer layer, DataSet data)
    {
        Samples(graph, data);
        if (data.Targets.Kind == TargetKind.Sequences)
        {
            if (!layer.IsSequence || layer.Shape[0] != data.Targets.Places || data.ClassCount > layer.Shape[1])
                throw new SkiptuneException($"the data have {data.Targets.Places} classes of {data.ClassCount} a sample, the model's output '{layer.Output}' is {layer.Shape}");
            return;
        }
        layer.CheckVector();
        if (data.TargetLength > 0 && data.TargetLength != layer.Shape.Count)
            throw new SkiptuneException($"the data have {data.TargetLength} numbers to learn a sample, the model's output '{layer.Output}' has {layer.Shape.Count}");
        if (data.ClassCount > layer.Classes)
            throw new SkiptuneException($"the data have {data.ClassCount} classes, the model's output '{layer.Output}' only {layer.Classes}; give the model a new head (--classes)");
    }

    /// <summary>Throws unless the samples do.</summary>
    public static void Samples(Graph graph, DataSet data)
    {
        if (graph.Inputs.Length != 1)
            throw new SkiptuneException($"the model '{graph.Name}' has {graph.Inputs.Length} inputs; only models with one are supported");
        if (graph.Inputs[0].SampleShape != data.SampleShape)
            throw new SkiptuneException($"the model '{graph.Name}' takes samples of {graph.Inputs[0].SampleShape}, the data have {data.SampleShape}");
    }
}
