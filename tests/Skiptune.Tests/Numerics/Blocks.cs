using Skiptune.Numerics;

namespace Skiptune.Tests.Numerics;

/// <summary>Rows of one block.</summary>
internal static class Blocks
{
    public static Half Quantize(KernelSet kernels, BlockFormat format, ReadOnlySpan<float> values, Span<byte> packed)
    {
        Half scale = default;
        kernels.QuantizeRow(format, values, packed, new Span<Half>(ref scale));
        return scale;
    }
}
