using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Skiptune.Numerics;

namespace Skiptune.Language.Weights;

/// <summary>Turns values as a file holds them into float32.</summary>
internal static class WeightDecoder
{
    private const int Block = 32;

    /// <summary>Decodes as many values as the destination holds; they fill whole blocks.</summary>
    public static void Decode(WeightFormat format, ReadOnlySpan<byte> bytes, Span<float> values)
    {
        bytes = bytes[..(int)format.Bytes(values.Length)];
        switch (format)
        {
            case WeightFormat.F32:
                MemoryMarshal.Cast<byte, float>(bytes).CopyTo(values);
                break;
            case WeightFormat.F16:
                System.Numerics.Tensors.TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(bytes), values);
                break;
            case WeightFormat.BF16:
                ReadOnlySpan<ushort> uppers = MemoryMarshal.Cast<byte, ushort>(bytes);
                Span<uint> bits = MemoryMarshal.Cast<float, uint>(values);
                for (int i = 0; i < uppers.Length; i++)
                    bits[i] = (uint)uppers[i] << 16;
                break;
            case WeightFormat.Q8_0:
                for (int i = 0; i < values.Length; i += Block, bytes = bytes[34..])
                    Bytes(bytes[2..], HalfAt(bytes), ref values[i]);
                break;
            case WeightFormat.Q4_0:
                for (int i = 0; i < values.Length; i += Block, bytes = bytes[18..])
                    Nibbles(bytes[2..], HalfAt(bytes), -8 * HalfAt(bytes), ref values[i]);
                break;
            case WeightFormat.Q4_1:
                for (int i = 0; i < values.Length; i += Block, bytes = bytes[20..])
                    Nibbles(bytes[4..], HalfAt(bytes), HalfAt(bytes[2..]), ref values[i]);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(format));
        }
    }

    private static float HalfAt(ReadOnlySpan<byte> bytes) => BlockFormat.Value(MemoryMarshal.Read<ushort>(bytes));

    private static void Bytes(ReadOnlySpan<byte> quants, float scale, ref float to)
    {
        ref sbyte from = ref MemoryMarshal.GetReference(MemoryMarshal.Cast<byte, sbyte>(quants[..Block]));
        for (nuint i = 0; i < Block; i += 16)
        {
            (Vector128<short> low, Vector128<short> high) = Vector128.Widen(Vector128.LoadUnsafe(ref from, i));
            Store(low, scale, 0, ref to, i);
            Store(high, scale, 0, ref to, i + 8);
        }
    }

    // The low nibbles of the 16 bytes are the first 16 values, the high ones the others.
    private static void Nibbles(ReadOnlySpan<byte> quants, float scale, float offset, ref float to)
    {
        Vector128<byte> both = Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(quants[..(Block / 2)]));
        StoreBytes(both & Vector128.Create((byte)15), scale, offset, ref to, 0);
        StoreBytes(Vector128.ShiftRightLogical(both, 4), scale, offset, ref to, 16);
    }

    private static void StoreBytes(Vector128<byte> levels, float scale, float offset, ref float to, nuint at)
    {
        (Vector128<ushort> low, Vector128<ushort> high) = Vector128.Widen(levels);
        Store(low.AsInt16(), scale, offset, ref to, at);
        Store(high.AsInt16(), scale, offset, ref to, at + 8);
    }

    private static void Store(Vector128<short> levels, float scale, float offset, ref float to, nuint at)
    {
        (Vector128<int> low, Vector128<int> high) = Vector128.Widen(levels);
        Vector256<float> floats = Vector256.ConvertToSingle(Vector256.Create(low, high));
        (floats * scale + Vector256.Create(offset)).StoreUnsafe(ref to, at);
    }
}
