using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.Kernels;

/// <summary>The two halves of an adapter step on a batch of 20 rows with rank 4: A x of each, and the gradient of A with its step.</summary>
public class AdapterBenchmarks : KernelBenchmark
{
    private Tensor _down = null!, _hidden = null!;
    private RowBatch _rows = null!;
    private byte[] _memory = null!;

    [ParamsSource(nameof(Taps))]
    public Tap Tap { get; set; } = null!;

    public static IEnumerable<Tap> Taps => from values in new[] { 84, 400, 1176 } from bits in new[] { 32, 4 } select new Tap(values, bits);

    [GlobalSetup]
    public unsafe void Setup()
    {
        Tensor samples = Values(Tap.Batch * Tap.Values);
        _down = Values(Tap.Rank * Tap.Values);
        _hidden = Values(Tap.Batch * Tap.Rank);
        RowFormat format = new(Tap.Bits);
        int bytes = format.Bytes(Tap.Values);
        _memory = GC.AllocateArray<byte>(Tap.Batch * bytes, pinned: true);
        _rows = new RowBatch(format, Tap.Values, Tap.Batch);
        for (int i = 0; i < Tap.Batch; i++)
        {
            Form.EncodeRow(format, samples.Span.Slice(i * Tap.Values, Tap.Values), _memory.AsSpan(i * bytes, bytes));
            _rows.Addresses[i] = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_memory)) + i * bytes;
        }
    }

    [Benchmark]
    public void Forward() => Form.ProjectRows(_rows, 0, Tap.Batch, _down.Span, Tap.Rank, _hidden.Span, Tap.Rank);

    [Benchmark]
    public void GradientAndStep() => Form.UpdateFromRows(
        _rows, 0, Tap.Values, _hidden.Span, Tap.Rank, Tap.Rank, new Sgd { LearningRate = 1e-6f }.StepOf(1e-6f, 1), _down.Span, default, default);
}

/// <summary>The values of a tap and the bits each is kept in.</summary>
public sealed record Tap(int Values, int Bits) : Work($"{Values} values, {Bits} bit", 2.0 * 20 * 4 * Values, Bits / 8.0 * 20 * Values + 16.0 * Values)
{
    internal int Batch { get; } = 20;

    internal int Rank { get; } = 4;
}
