using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.Tests.Networks;

/// <summary>Runs graphs forward.</summary>
internal static class Programs
{
    /// <summary>The outputs of a graph for inputs filled by <paramref name="fill"/>, or with 1, 2, 3, ...</summary>
    public static Tensor[] Run(Graph graph, int batch = 1, Action<string, Tensor>? fill = null)
    {
        using Workers workers = new(2);
        Dictionary<string, Tensor> none = [];
        GraphProgram program = GraphProgram.Compile(graph, batch, none, none, new ProgramContext(KernelSet.Current, workers));
        foreach (GraphInput input in graph.Inputs.Where(input => program.Uses(input.Name)))
        {
            Tensor tensor = program.Value(input.Name);
            if (fill is not null)
                fill(input.Name, tensor);
            else
                Count(tensor);
        }
        program.Forward();
        return [.. graph.Outputs.Select(name => program.Value(name).Clone())];
    }

    public static Tensor Counting(params int[] extents)
    {
        Tensor tensor = new(new Shape(extents));
        Count(tensor);
        return tensor;
    }

    private static void Count(Tensor tensor)
    {
        for (int i = 0; i < tensor.Span.Length; i++)
            tensor.Span[i] = i + 1;
    }
}
