using Skiptune.Numerics;

namespace Skiptune.Networks;

/// <summary>What programs run with: kernels, threads, and one block of memory that programs of several batch sizes share.</summary>
internal sealed class ProgramContext(KernelSet kernels, Workers workers)
{
    private Memory<float> _arena;

    public KernelSet Kernels { get; } = kernels;

    public Workers Workers { get; } = workers;

    /// <summary>The bytes of the block.</summary>
    public long ArenaBytes => 4L * _arena.Length;

    /// <summary>A block of at least that many values; the contents are anybody's. Ask for the largest first.</summary>
    public Memory<float> Arena(int count)
    {
        if (_arena.Length < count)
            _arena = AlignedMemory.Allocate<float>(count);
        return _arena;
    }
}
