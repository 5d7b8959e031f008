using BenchmarkDotNet.Attributes;
using Skiptune.Numerics;

namespace Skiptune.Kernels;

/// <summary>The blocks of a cache row: packed and unpacked, 64 values each.</summary>
public class BlockBenchmarks : KernelBenchmark
{
    private Tensor _values = null!;
    private byte[] _packed = [];
    private Half[] _scales = [];

    [ParamsSource(nameof(Rows))]
    public Row Row { get; set; } = null!;

    public static IEnumerable<Row> Rows => [new(8), new(4), new(3), new(2)];

    [GlobalSetup]
    public void Setup()
    {
        _values = Values(Kernels.Row.Values);
        _packed = new byte[Kernels.Row.Blocks * Row.BlockBytes];
        _scales = new Half[Kernels.Row.Blocks];
        Quantize();
    }

    [Benchmark]
    public void Quantize() => Form.QuantizeRow(Row.Format, _values.Span, _packed, _scales);

    [Benchmark]
    public void Dequantize()
    {
        for (int i = 0; i < Kernels.Row.Blocks; i++)
            Form.DequantizeBlock(Row.Format, _packed.AsSpan(i * Row.BlockBytes, Row.BlockBytes), _scales[i], _values.Span.Slice(i * BlockFormat.MaxValues, BlockFormat.MaxValues));
    }
}

/// <summary>A cache row of the reference network, nearly; values below zero become zero.</summary>
public sealed record Row(int Bits) : Work($"1792 values, {Bits} bits", 0, 1792 * (4 + Bits / 8.0))
{
    internal const int Values = 1792;

    internal const int Blocks = Values / BlockFormat.MaxValues;

    internal BlockFormat Format => new(Bits, Signed: false);

    internal int BlockBytes => Format.PackedBytes(BlockFormat.MaxValues);
}
