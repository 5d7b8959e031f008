using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Skiptune.Numerics;

internal sealed unsafe partial class VectorKernels<V, S>
{
    private const int UnitValues = BlockFormat.UnitValues;

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override Half QuantizeBlock(BlockFormat format, ReadOnlySpan<float> values, Span<byte> packed)
    {
        float* padded = stackalloc float[BlockValues];
        byte* levels = stackalloc byte[BlockValues];
        packed = packed[..format.PackedBytes(values.Length)];
        fixed (float* given = values)
        {
            fixed (byte* units = packed)
            {
                int count = values.Length;
                float* block = given;
                if (count < BlockValues)
                {
                    values.CopyTo(new Span<float>(padded, BlockValues));
                    // Repeating the last value changes neither extreme.
                    new Span<float>(padded + count, BlockValues - count).Fill(values[^1]);
                    block = padded;
                }
                V smallest = S.Load(ref *block, 0);
                V largest = smallest;
                for (int i = S.Width; i < BlockValues; i += S.Width)
                {
                    V value = Get(block, i);
                    smallest = S.Min(smallest, value);
                    largest = S.Max(largest, value);
                }
                Half scale = format.ScaleFor(-S.MaxLanes(S.Subtract(S.Broadcast(0), smallest)), S.MaxLanes(largest));
                V inverse = S.Broadcast(BlockFormat.InverseOf(scale));
                V half = S.Broadcast(format.Offset + 0.5f);
                V top = S.Broadcast(format.MaxLevel);
                for (int i = 0; i < BlockValues; i += S.Width)
                {
                    V level = S.Floor(S.FusedMultiplyAdd(Get(block, i), inverse, half));
                    S.StoreBytes(S.Min(S.Max(level, S.Broadcast(0)), top), levels + i);
                }
                if (count < BlockValues)
                    new Span<byte>(levels + count, BlockValues - count).Clear();
                Pack(format.Bits, levels, units);
                if (count > UnitValues)
                    Pack(format.Bits, levels + UnitValues, units + UnitValues / 8 * format.Bits);
                return scale;
            }
        }
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override void DequantizeBlock(BlockFormat format, ReadOnlySpan<byte> packed, Half scale, Span<float> values)
    {
        packed = packed[..format.PackedBytes(values.Length)];
        byte* levels = stackalloc byte[BlockValues];
        fixed (byte* units = packed)
        {
            fixed (float* destination = values)
            {
                Unpack(format.Bits, units, levels);
                if (values.Length > UnitValues)
                    Unpack(format.Bits, units + UnitValues / 8 * format.Bits, levels + UnitValues);
                V factor = S.Broadcast((float)scale);
                V offset = S.Broadcast(format.Offset);
                int i = 0;
                for (; i <= values.Length - S.Width; i += S.Width)
                    S.Store(S.Multiply(S.Subtract(S.LoadBytes(levels + i), offset), factor), ref *destination, (nuint)i);
                if (i < values.Length)
                    S.StorePartial(S.Multiply(S.Subtract(S.LoadBytes(levels + i), offset), factor), destination + i, values.Length - i);
            }
        }
    }

    internal override void FromHalves(ReadOnlySpan<ushort> halves, Span<float> values)
    {
        CheckLengths(halves.Length, values.Length);
        fixed (ushort* source = halves)
        {
            fixed (float* destination = values)
            {
                int i = 0;
                for (; i <= values.Length - S.Width; i += S.Width)
                    S.Store(S.LoadHalves(source + i), ref *destination, (nuint)i);
                if (i < values.Length)
                    S.StorePartial(Float16Reader.LoadPartial((byte*)(source + i), 0, 0, 0, values.Length - i, default, default), destination + i, values.Length - i);
            }
        }
    }

    // Whole numbers from a float's bits; four at a time are enough beside what is computed to be kept.
    internal override void ToHalves(ReadOnlySpan<float> values, Span<ushort> halves)
    {
        CheckLengths(values.Length, halves.Length);
        fixed (float* source = values)
        {
            fixed (ushort* destination = halves)
            {
                int i = 0;
                for (; i <= values.Length - 4; i += 4)
                    *(ulong*)(destination + i) = NearestHalves(Vector128.Load(source + i));
                if (i == values.Length)
                    return;
                ulong last = NearestHalves(Simd.Simd128.LoadPartial(source + i, values.Length - i));
                for (; i < values.Length; i++, last >>= 16)
                    destination[i] = (ushort)last;
            }
        }
    }

    // Rounds by adding: to a normal number half of what is cut off (less for a tie to an even one), to a number below
    // 2^-14 one whose last bit is a float16's last.
    private static ulong NearestHalves(Vector128<float> values)
    {
        Vector128<float> magnitude = Vector128.Min(Vector128.Abs(values), Vector128.Create(65504f));
        Vector128<int> bits = magnitude.AsInt32();
        Vector128<int> odd = (bits >>> 13) & Vector128<int>.One;
        Vector128<int> normal = (bits - Vector128.Create(112 << 23) + Vector128.Create(0xFFF) + odd) >>> 13;
        Vector128<float> grain = Vector128.Create(0.5f);
        Vector128<int> small = (magnitude + grain).AsInt32() - grain.AsInt32();
        Vector128<int> half = Vector128.ConditionalSelect(Vector128.LessThan(magnitude, Vector128.Create(6.1035156e-5f)).AsInt32(), small, normal);
        half |= (values.AsInt32() >>> 16) & Vector128.Create(0x8000);
        return Vector128.Narrow(half.AsUInt32(), half.AsUInt32()).AsUInt64().GetElement(0);
    }

    // Eight levels at a time, a byte each, in a word.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pack(int bits, byte* levels, byte* unit)
    {
        ulong* q = (ulong*)levels;
        ulong* to = (ulong*)unit;
        switch (bits)
        {
            case 8:
                Vector256.Load(levels).Store(unit);
                break;
            case 4:
                to[0] = q[0] | q[2] << 4;
                to[1] = q[1] | q[3] << 4;
                break;
            case 3:
                const ulong Two = 0x0303030303030303;
                const ulong One = 0x0101010101010101;
                to[0] = (q[0] & Two) | (q[1] & Two) << 2 | (q[2] & Two) << 4 | (q[3] & Two) << 6;
                ulong high = (q[0] >> 2 & One) | (q[1] >> 2 & One) << 2 | (q[2] >> 2 & One) << 4 | (q[3] >> 2 & One) << 6;
                *(uint*)(unit + 8) = (uint)high | (uint)(high >> 32) << 1;
                break;
            default:
                to[0] = q[0] | q[1] << 2 | q[2] << 4 | q[3] << 6;
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Unpack(int bits, byte* unit, byte* levels)
    {
        const ulong One = 0x0101010101010101;
        ulong* q = (ulong*)levels;
        ulong first = bits == 8 ? 0 : *(ulong*)unit;
        switch (bits)
        {
            case 8:
                Vector256.Load(unit).Store(levels);
                break;
            case 4:
                ulong second = ((ulong*)unit)[1];
                (q[0], q[1]) = (first & 15 * One, second & 15 * One);
                (q[2], q[3]) = (first >> 4 & 15 * One, second >> 4 & 15 * One);
                break;
            case 3:
                uint singles = *(uint*)(unit + 8);
                ulong high = singles | (ulong)(singles >> 1) << 32;
                for (int i = 0; i < 4; i++)
                    q[i] = (first >> 2 * i & 3 * One) | (high >> 2 * i & One) << 2;
                break;
            default:
                for (int i = 0; i < 4; i++)
                    q[i] = first >> 2 * i & 3 * One;
                break;
        }
    }
}
