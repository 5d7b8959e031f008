using System.Diagnostics;
using System.Runtime.InteropServices;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.Compare.Jobs;

/// <summary>Forward passes of a model over one batch, compiled once.</summary>
internal sealed class ForwardJob : IDisposable
{
    private static readonly Dictionary<string, Tensor> None = [];
    private readonly Workers _workers;
    private readonly GraphProgram _program;
    private readonly Tensor _input;
    private readonly string _inputName;
    private readonly string _output;

    public ForwardJob(Model model, int batch, int threads, KernelSet kernels, ReadOnlySpan<float> samples)
    {
        Graph graph = FuseBatchNormalization.Apply(model.Graph);
        _workers = new Workers(threads);
        _program = GraphProgram.Compile(graph, batch, None, None, new ProgramContext(kernels, _workers));
        _output = graph.Outputs[0];
        Tensor input = _program.Value(graph.Inputs[0].Name);
        samples[..input.Shape.Count].CopyTo(input.Span);
        // What programs read may share memory with what they write: kept, to be put back before each pass.
        _input = input.Clone();
        _inputName = graph.Inputs[0].Name;
    }

    /// <summary>The mean milliseconds of some passes, the samples' copy into the program included.</summary>
    public double Run(int repeats)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < repeats; i++)
        {
            _input.Span.CopyTo(_program.Value(_inputName).Span);
            _program.Forward();
        }
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds / repeats;
    }

    /// <summary>The first values of the output.</summary>
    public float[] First(int count) => _program.Value(_output).Span[..count].ToArray();

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
