using System.Diagnostics;
using System.Runtime.InteropServices;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.Compare.Jobs;

/// <summary>Forward passes of a model over some samples, as many at once as the product takes; compiled once.</summary>
internal sealed class ForwardJob : IDisposable
{
    private static readonly Dictionary<string, Tensor> None = [];
    private readonly Workers _workers;
    private readonly GraphProgram _program;
    private readonly float[] _samples;
    private readonly Tensor _input;
    private readonly Tensor _output;
    private readonly float[] _results;
    private readonly int _count;

    public ForwardJob(Model model, int count, int threads, KernelSet kernels, ReadOnlySpan<float> samples)
    {
        Graph graph = InferencePasses.Apply(model.Graph);
        _count = count;
        _workers = new Workers(threads);
        _program = GraphProgram.Compile(graph, ForwardBatch.For(graph, count, _workers.Count), None, None, new ProgramContext(kernels, _workers));
        _input = _program.Value(graph.Inputs[0].Name);
        _output = _program.Value(graph.Outputs[0]);
        _samples = samples[..(count * _input.Shape.RowCount)].ToArray();
        _results = new float[count * _output.Shape.RowCount];
    }

    /// <summary>The mean milliseconds of some passes, the copies of samples and results included.</summary>
    public double Run(int repeats)
    {
        (int values, int outputs) = (_input.Shape.RowCount, _output.Shape.RowCount);
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < repeats; i++)
        {
            for (int first = 0; first < _count; first += _program.Batch)
            {
                int rows = Math.Min(_program.Batch, _count - first);
                _samples.AsSpan(first * values, rows * values).CopyTo(_input.Span);
                _program.Forward();
                _output.Span[..(rows * outputs)].CopyTo(_results.AsSpan(first * outputs));
            }
        }
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds / repeats;
    }

    /// <summary>The first values of the output.</summary>
    public float[] First(int count) => _results[..count];

    /// <summary>Samples that any model takes: seeded, uniform in 0 .. 1, written as raw values too.</summary>
    public static float[] Samples(Shape sample, int count, string path)
    {
        float[] values = new float[sample.Count * count];
        new SeededRandom(0, stream: 1).FillUniform(values, 0.5f);
        for (int i = 0; i < values.Length; i++)
            values[i] += 0.5f;
        File.WriteAllBytes(path, MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }

    public void Dispose() => _workers.Dispose();
}
