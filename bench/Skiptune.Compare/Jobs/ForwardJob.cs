using System.Diagnostics;
using System.Runtime.InteropServices;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.Compare.Jobs;

/// <summary>Forward passes of a model over some samples, as many at once as the product takes; compiled once.</summary>
internal sealed class ForwardJob : IDisposable
{
    private readonly Workers _workers;
    private readonly ForwardTeam _team;
    private readonly Action<GraphProgram, int> _run;
    private readonly string _input;
    private readonly string _output;
    private readonly float[] _samples;
    private readonly float[] _results;
    private readonly int _values;
    private readonly int _outputs;
    private readonly int _count;
    private int _taken;

    public ForwardJob(Model model, int count, int threads, KernelSet kernels, ReadOnlySpan<float> samples)
    {
        Graph graph = InferencePasses.Apply(model.Graph);
        _count = count;
        _workers = new Workers(threads);
        _team = ForwardTeam.Compile(graph, count, new ProgramContext(kernels, _workers));
        _run = RunShare;
        (_input, _output) = (graph.Inputs[0].Name, graph.Outputs[0]);
        _values = _team.Program(0).Value(_input).Shape.RowCount;
        _outputs = _team.Program(0).Value(_output).Shape.RowCount;
        _samples = samples[..(count * _values)].ToArray();
        _results = new float[count * _outputs];
    }

    /// <summary>The mean milliseconds of some passes, the copies of samples and results included.</summary>
    public double Run(int repeats)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < repeats; i++)
        {
            _taken = 0;
            _team.Run(_run);
        }
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds / repeats;
    }

    // As the product fills its cache: each thread takes batch after batch until none is left.
    private void RunShare(GraphProgram program, int number)
    {
        int first;
        while ((first = Interlocked.Add(ref _taken, program.Batch) - program.Batch) < _count)
        {
            int rows = Math.Min(program.Batch, _count - first);
            _samples.AsSpan(first * _values, rows * _values).CopyTo(program.Value(_input).Span);
            program.Forward();
            program.Value(_output).Span[..(rows * _outputs)].CopyTo(_results.AsSpan(first * _outputs));
        }
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
