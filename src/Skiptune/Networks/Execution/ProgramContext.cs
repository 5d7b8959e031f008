using Skiptune.Numerics;

namespace Skiptune.Networks;

/// <summary>What programs run with: kernels, threads, and one block of memory that programs of several batch sizes share.</summary>
internal sealed class ProgramContext(KernelSet kernels, Workers workers) : IDisposable
{
    private readonly Dictionary<Tensor, Tensor> _turned = new(ReferenceEqualityComparer.Instance);
    private Memory<float> _arena;

    private ProgramContext(ProgramContext shared)
        : this(shared.Kernels, Workers.One) => _turned = shared._turned;

    public KernelSet Kernels { get; } = kernels;

    public Workers Workers { get; } = workers;

    /// <summary>What another program runs with, on one thread at a time: memory of its own, and the same prepared weights.</summary>
    public ProgramContext ForOneThread() => new(this);

    /// <summary>The transpose of a matrix that does not change, made once for all programs.</summary>
    public Tensor Turned(Tensor matrix)
    {
        if (!_turned.TryGetValue(matrix, out Tensor? turned))
        {
            (int rows, int columns) = (matrix.Shape[0], matrix.Shape[1]);
            _turned[matrix] = turned = new Tensor(new Shape(columns, rows));
            Kernels.Transpose(rows, columns, matrix.Span, turned.Span);
        }
        return turned;
    }

    /// <summary>A block of at least that many values; the contents are anybody's. Ask for the largest first.</summary>
    public Memory<float> Arena(int count)
    {
        if (_arena.Length < count)
            _arena = SpareMemory.Take(count);
        return _arena;
    }

    /// <summary>Gives the block back early; nothing that was compiled with this runs any more.</summary>
    public void Dispose()
    {
        SpareMemory.Give(_arena);
        _arena = default;
    }
}
