namespace Skiptune.Numerics;

public abstract partial class KernelSet
{
    /// <summary>Quantises one block; see <see cref="BlockFormat"/>.</summary>
    /// <param name="format">Bits and sign.</param>
    /// <param name="values">1 .. 64 finite values.</param>
    /// <param name="packed">The block's bytes.</param>
    /// <returns>The block's scale.</returns>
    internal abstract Half QuantizeBlock(BlockFormat format, ReadOnlySpan<float> values, Span<byte> packed);

    /// <summary>values = level * scale for each value of one block.</summary>
    internal abstract void DequantizeBlock(BlockFormat format, ReadOnlySpan<byte> packed, Half scale, Span<float> values);
}
