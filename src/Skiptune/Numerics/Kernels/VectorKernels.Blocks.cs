using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Skiptune.Numerics;

internal sealed unsafe partial class VectorKernels<V>
{
    private const int UnitValues = BlockFormat.UnitValues;

    // So many scales at a time, in a vector.
    private const int ScalesTogether = 4;

    [SkipLocalsInit]
    [MethodImpl(KernelCode.Optimized)]
    internal override void QuantizeRow(BlockFormat format, ReadOnlySpan<float> values, Span<byte> packed, Span<Half> scales)
    {
        CheckBlocks(format, values.Length, packed.Length, scales.Length);
        float* padded = stackalloc float[BlockValues];
        float* numbers = stackalloc float[2 * ScalesTogether];
        byte* levels = stackalloc byte[BlockValues];
        (int whole, int rest) = Math.DivRem(values.Length, BlockValues);
        fixed (float* given = values)
        {
            fixed (byte* units = packed)
            {
                fixed (Half* halves = scales)
                {
                    for (int i = 0; i < BlockValues; i += V.Width)
                        V.Store(V.LoadPartial(given + whole * BlockValues + i, rest - i), ref *padded, (nuint)i);
                    // Of an unsigned block zeros change neither the extreme nor a level; with a sign the last value again, whose
                    // levels are cleared, changes no extreme.
                    if (format.Signed && rest > 0)
                        new Span<float>(padded + rest, BlockValues - rest).Fill(values[^1]);
                    for (int first = 0; first < scales.Length; first += ScalesTogether)
                    {
                        int count = Math.Min(ScalesTogether, scales.Length - first);
                        Vector128<float>.Zero.Store(numbers);
                        for (int i = 0; i < count; i++)
                            numbers[i] = Extreme(format.Signed, first + i < whole ? given + (first + i) * BlockValues : padded);
                        Scales(format, Vector128.Load(numbers), (ushort*)(halves + first), count).Store(numbers + ScalesTogether);
                        for (int i = 0; i < count; i++)
                        {
                            byte* to = units + format.PackedBytes((first + i) * BlockValues);
                            float factor = numbers[ScalesTogether + i];
                            if (first + i < whole)
                                PackLevels(format, given + (first + i) * BlockValues, BlockValues, factor, to, levels);
                            else
                                PackLevels(format, padded, rest, factor, to, levels);
                        }
                    }
                }
            }
        }
    }

    /// <summary>The value of a block that its scale follows from.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Extreme(bool signed, float* block)
    {
        V largest = V.Load(ref *block, 0);
        V smallest = largest;
        for (int i = V.Width; i < BlockValues; i += V.Width)
        {
            V value = Get(block, i);
            largest = V.Max(largest, value);
            if (signed)
                smallest = V.Min(smallest, value);
        }
        float maximum = V.MaxLanes(largest);
        if (!signed)
            return maximum;
        float opposite = V.MaxLanes(V.Subtract(V.Broadcast(0), smallest));
        return opposite > maximum ? -opposite : maximum;
    }

    /// <summary>Stores the scales of some blocks with these extremes; returns what values are multiplied with.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Scales(BlockFormat format, Vector128<float> extremes, ushort* scales, int count)
    {
        Vector128<float> exact = format.Signed
            ? extremes / Vector128.Create(-(float)(1 << (format.Bits - 1)))
            : Vector128.Max(extremes, Vector128<float>.Zero) / Vector128.Create((float)format.MaxLevel);
        ulong halves = NearestHalves(exact);
        Vector128<float> values = Simd.Simd128.LoadHalves((ushort*)&halves).Value;
        for (int i = 0; i < count; i++, halves >>= 16)
            scales[i] = (ushort)halves;
        return Vector128.ConditionalSelect(Vector128.Equals(values, Vector128<float>.Zero), values, Vector128<float>.One / values);
    }

    // Two levels of up to four bits become one number before it is a byte.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PackLevels(BlockFormat format, float* block, int count, float factor, byte* to, byte* levels)
    {
        V inverse = V.Broadcast(factor);
        V half = V.Broadcast(format.Offset + 0.5f);
        V top = V.Broadcast(format.MaxLevel);
        if ((count == BlockValues || !format.Signed) && format.Bits is 2 or 4)
        {
            V sixteen = V.Broadcast(16);
            for (int unit = 0; unit < count; unit += UnitValues)
            {
                byte* pairs = format.Bits == 4 ? to + unit / 2 : levels;
                for (int i = 0; i < UnitValues / 2; i += V.Width)
                    V.StoreBytes(V.FusedMultiplyAdd(Level(block + unit + UnitValues / 2 + i, inverse, half, top), sixteen, Level(block + unit + i, inverse, half, top)), pairs + i);
                if (format.Bits == 2)
                    *(ulong*)(to + unit / 4) = ((ulong*)levels)[0] | ((ulong*)levels)[1] << 2;
            }
            return;
        }
        for (int i = 0; i < BlockValues; i += V.Width)
            V.StoreBytes(Level(block + i, inverse, half, top), levels + i);
        new Span<byte>(levels + count, BlockValues - count).Clear();
        Pack(format.Bits, levels, to);
        if (count > UnitValues)
            Pack(format.Bits, levels + UnitValues, to + UnitValues / 8 * format.Bits);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Level(float* values, V inverse, V half, V top) =>
        V.Lower(V.Raise(V.Floor(V.FusedMultiplyAdd(Get(values, 0), inverse, half)), V.Broadcast(0)), top);

    [SkipLocalsInit]
    [MethodImpl(KernelCode.Optimized)]
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
                V factor = V.Broadcast((float)scale);
                V offset = V.Broadcast(format.Offset);
                int i = 0;
                for (; i <= values.Length - V.Width; i += V.Width)
                    V.Store(V.Multiply(V.Subtract(V.LoadBytes(levels + i), offset), factor), ref *destination, (nuint)i);
                if (i < values.Length)
                    V.StorePartial(V.Multiply(V.Subtract(V.LoadBytes(levels + i), offset), factor), destination + i, values.Length - i);
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
                for (; i <= values.Length - V.Width; i += V.Width)
                    V.Store(V.LoadHalves(source + i), ref *destination, (nuint)i);
                if (i < values.Length)
                    V.StorePartial(Float16Reader.LoadPartial((byte*)(source + i), 0, 0, 0, values.Length - i, default, default), destination + i, values.Length - i);
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
                ulong last = NearestHalves(Simd.Simd128.LoadPartial(source + i, values.Length - i).Value);
                for (; i < values.Length; i++, last >>= 16)
                    destination[i] = (ushort)last;
            }
        }
    }

    // Rounds by adding: to a normal number half of what is cut off (less for a tie to an even one), to a number below
    // 2^-14 one whose last bit is a float16's last.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
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
