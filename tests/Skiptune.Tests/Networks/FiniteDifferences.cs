using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.Tests.Networks;

/// <summary>Compares the gradients a graph computes with central differences of its outputs.</summary>
internal static class FiniteDifferences
{
    /// <summary>Checks d(sum of weights * outputs)/d(constant) for the constants named, at up to 40 elements of each.</summary>
    /// <param name="graph">The graph; every value it needs is a constant or an input.</param>
    /// <param name="trained">The constants to differentiate by.</param>
    /// <param name="batch">The batch size.</param>
    /// <param name="inputs">Fills the inputs.</param>
    /// <param name="step">The half-width of the difference.</param>
    public static void Check(Graph graph, string[] trained, int batch = 1, Action<GraphProgram>? inputs = null, float step = 1e-2f)
    {
        Dictionary<string, Tensor> values = graph.Constants.ToDictionary(pair => pair.Key, pair => pair.Value.Clone(), StringComparer.Ordinal);
        Dictionary<string, Tensor> gradients = trained.ToDictionary(name => name, name => new Tensor(graph.Constants[name].Shape), StringComparer.Ordinal);
        using Workers workers = new(2);
        GraphProgram program = GraphProgram.Compile(graph, batch, values, gradients, new ProgramContext(KernelSet.Current, workers));
        string output = graph.Outputs[0];
        float[] weights = new float[program.Value(output).Shape.Count];
        SeededRandom random = new(7);
        random.FillUniform(weights, 1);

        double Loss()
        {
            inputs?.Invoke(program);
            program.Forward();
            double sum = 0;
            ReadOnlySpan<float> results = program.Value(output).Span;
            for (int i = 0; i < weights.Length; i++)
                sum += (double)weights[i] * results[i];
            return sum;
        }

        // Twice, with rubbish left in the gradients: the second pass must overwrite the first.
        for (int pass = 0; pass < 2; pass++)
        {
            Loss();
            weights.CopyTo(program.Gradient(output).Span);
            program.Backward();
        }
        foreach (string name in trained)
        {
            Span<float> value = values[name].Span;
            float[] gradient = gradients[name].Span.ToArray();
            // float32 outputs limit a difference to about 1e-7 / step.
            double tolerance = 0.01 * gradient.Max(MathF.Abs) + 5e-7 / step;
            for (int check = 0; check < Math.Min(40, value.Length); check++)
            {
                int i = value.Length <= 40 ? check : random.NextInt32(value.Length);
                float original = value[i];
                value[i] = original + step;
                double above = Loss();
                value[i] = original - step;
                double below = Loss();
                value[i] = original;
                double expected = (above - below) / (2 * step);
                Assert.True(Math.Abs(expected - gradient[i]) <= tolerance, $"d/d{name}[{i}]: {gradient[i]} is not {expected}");
            }
        }
    }
}
