namespace Skiptune.Numerics;

public abstract partial class KernelSet
{
    /// <summary>Quantises the blocks of a row; see <see cref="BlockFormat"/>.</summary>
    /// <param name="format">Bits and sign.</param>
    /// <param name="values">Finite values; at least one.</param>
    /// <param name="packed">The blocks' bytes.</param>
    /// <param name="scales">The scale of each block.</param>
    internal abstract void QuantizeRow(BlockFormat format, ReadOnlySpan<float> values, Span<byte> packed, Span<Half> scales);

    private protected static void CheckBlocks(BlockFormat format, int values, int packed, int scales)
    {
        if (packed != format.PackedBytes(values) || scales != RowFormat.Blocks(values))
            throw new ArgumentException($"{packed} bytes and {scales} scales are not those of {values} values in {format}");
    }

    /// <summary>values = level * scale for each value of one block.</summary>
    internal abstract void DequantizeBlock(BlockFormat format, ReadOnlySpan<byte> packed, Half scale, Span<float> values);
}
