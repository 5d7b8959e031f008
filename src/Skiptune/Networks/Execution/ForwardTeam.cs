using Skiptune.Numerics;

namespace Skiptune.Networks;

/// <summary>
/// A network that is only run, over many samples: each thread takes batches of its own through the whole of it, so that
/// the values stay in one processor's cache from layer to layer and the threads meet only at the end. Where there are
/// fewer samples than threads, one program shares each layer among all of them. A sample's bits are the same either way.
/// </summary>
internal sealed class ForwardTeam : IDisposable
{
    private static readonly Dictionary<string, Tensor> None = [];

    private readonly GraphProgram[] _programs;
    private readonly ProgramContext[] _contexts;
    private readonly Workers _workers;
    private readonly Action<int> _share;
    private Action<GraphProgram, int>? _work;

    private ForwardTeam(GraphProgram[] programs, ProgramContext[] contexts, Workers workers)
    {
        _programs = programs;
        _contexts = contexts;
        _workers = workers;
        _share = share => _work!(_programs[share], share);
    }

    /// <summary>The samples of one program's run.</summary>
    public int Batch => _programs[0].Batch;

    /// <summary>The programs, each of which one thread runs.</summary>
    public int Count => _programs.Length;

    /// <summary>Prepares the programs.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="samples">The most samples that will be run at once, from which the batch follows; at least 1.</param>
    /// <param name="context">Kernels and threads; its memory is used if there is only one program.</param>
    public static ForwardTeam Compile(Graph graph, int samples, ProgramContext context)
    {
        int count = CountFor(samples, context.Workers.Count);
        int batch = ForwardBatch.For(graph, samples, count);
        ProgramContext[] contexts = count == 1 ? [context] : [.. Enumerable.Range(0, count).Select(_ => context.ForOneThread())];
        return new ForwardTeam([.. contexts.Select(one => GraphProgram.Compile(graph, batch, None, None, one))], contexts, context.Workers);
    }

    /// <summary>The bytes of the buffers of the programs that <see cref="Compile"/> would make.</summary>
    public static long MeasureBytes(Graph graph, int samples, int threads)
    {
        int count = CountFor(samples, threads);
        return count * GraphProgram.MeasureBytes(graph, ForwardBatch.For(graph, samples, count), []);
    }

    /// <summary>The program of a number, to fill its inputs and read its outputs between runs.</summary>
    public GraphProgram Program(int number) => _programs[number];

    /// <summary>Gives each program to a thread, with its number; returns when all have been worked with.</summary>
    /// <param name="work">Keep the delegate to avoid allocating it each time.</param>
    public void Run(Action<GraphProgram, int> work)
    {
        if (_programs.Length == 1)
        {
            // The program shares each layer itself.
            work(_programs[0], 0);
            return;
        }
        _work = work;
        _workers.Run(_share);
    }

    /// <summary>Gives the programs' memory back; they run no more.</summary>
    public void Dispose()
    {
        foreach (ProgramContext context in _contexts)
            context.Dispose();
    }

    private static int CountFor(int samples, int threads) => samples < threads ? 1 : threads;
}
