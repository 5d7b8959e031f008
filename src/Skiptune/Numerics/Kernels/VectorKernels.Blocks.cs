using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Skiptune.Numerics;

internal sealed unsafe partial class VectorKernels<V>
{
    private const int UnitValues = BlockFormat.UnitValues;

    // So many scales at a time, in a vector.
    private const int ScalesTogether = 4;

    private const int ScalesAhead = 64;

    internal override void QuantizeRow(BlockFormat format, ReadOnlySpan<float> values, Span<byte> packed, Span<Half> scales)
    {
        CheckBlocks(format, values.Length, packed.Length, scales.Length);
        switch (format.Bits)
        {
            case 8:
                QuantizeRow<Bits8>(format, values, packed, scales);
                break;
            case 4:
                QuantizeRow<Bits4>(format, values, packed, scales);
                break;
            case 3:
                QuantizeRow<Bits3>(format, values, packed, scales);
                break;
            default:
                QuantizeRow<Bits2>(format, values, packed, scales);
                break;
        }
    }

    // All scales before all levels: what a scale waits for does not hold up the levels.
    [SkipLocalsInit]
    private static void QuantizeRow<B>(BlockFormat format, ReadOnlySpan<float> values, Span<byte> packed, Span<Half> scales)
        where B : struct, IBits
    {
        float* padded = stackalloc float[BlockValues];
        float* factors = stackalloc float[ScalesAhead];
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
                    for (int first = 0; first < scales.Length; first += ScalesAhead)
                    {
                        int end = Math.Min(first + ScalesAhead, scales.Length);
                        StoreScales(format, given, padded, whole, first, end, (ushort*)halves, factors);
                        PackLevels<B>(format.Signed, given, padded, whole, rest, first, end, factors, units);
                    }
                }
            }
        }
    }

    /// <summary>Stores the scales of blocks, and what their values are multiplied with.</summary>
    [MethodImpl(KernelCode.Optimized)]
    private static void StoreScales(BlockFormat format, float* given, float* padded, int whole, int first, int end, ushort* scales, float* factors)
    {
        for (int i = first; i < end; i += ScalesTogether)
        {
            // Blocks that are not there are the last one again.
            (int i1, int i2, int i3) = (Math.Min(i + 1, end - 1), Math.Min(i + 2, end - 1), Math.Min(i + 3, end - 1));
            float* block0 = i < whole ? given + i * BlockValues : padded;
            float* block1 = i1 < whole ? given + i1 * BlockValues : padded;
            float* block2 = i2 < whole ? given + i2 * BlockValues : padded;
            float* block3 = i3 < whole ? given + i3 * BlockValues : padded;
            Vector128<float> extremes = V.LargestLanes(Largest(block0), Largest(block1), Largest(block2), Largest(block3));
            if (format.Signed)
            {
                Vector128<float> opposite = V.LargestLanes(Opposite(block0), Opposite(block1), Opposite(block2), Opposite(block3));
                extremes = Vector128.ConditionalSelect(Vector128.GreaterThan(opposite, extremes), -opposite, extremes);
            }
            Scales(format, extremes, scales + i, Math.Min(ScalesTogether, end - i)).Store(factors + i - first);
        }
    }

    [SkipLocalsInit]
    [MethodImpl(KernelCode.Optimized)]
    private static void PackLevels<B>(bool signed, float* given, float* padded, int whole, int rest, int first, int end, float* factors, byte* units)
        where B : struct, IBits
    {
        byte* levels = stackalloc byte[BlockValues];
        V half = V.Broadcast((signed ? 1 << (B.Count - 1) : 0) + 0.5f);
        V top = V.Broadcast((1 << B.Count) - 1);
        for (int i = first; i < end; i++)
        {
            float* block = i < whole ? given + i * BlockValues : padded;
            int count = i < whole ? BlockValues : rest;
            byte* to = units + i * (BlockValues / 8) * B.Count;
            V inverse = V.Broadcast(factors[i - first]);
            if (B.Count is 2 or 4 && (count == BlockValues || !signed))
            {
                PackPairs<B>(block, inverse, half, top, to, levels);
                if (count > UnitValues)
                    PackPairs<B>(block + UnitValues, inverse, half, top, to + UnitValues / 8 * B.Count, levels);
                continue;
            }
            for (int k = 0; k < BlockValues; k += V.Width)
                V.StoreBytes(Level(block + k, inverse, half, top), levels + k);
            new Span<byte>(levels + count, BlockValues - count).Clear();
            Pack(B.Count, levels, to);
            if (count > UnitValues)
                Pack(B.Count, levels + UnitValues, to + UnitValues / 8 * B.Count);
        }
    }

    /// <summary>The values that the scale of a block may follow from: in each lane the largest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Largest(float* block)
    {
        V largest = Get(block, 0);
        for (int i = V.Width; i < BlockValues; i += V.Width)
            largest = V.Raise(largest, Get(block, i));
        return largest;
    }

    /// <summary>In each lane the largest of the values with their signs turned.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Opposite(float* block)
    {
        V smallest = Get(block, 0);
        for (int i = V.Width; i < BlockValues; i += V.Width)
            smallest = V.Lower(smallest, Get(block, i));
        return V.Subtract(V.Broadcast(0), smallest);
    }

    /// <summary>Stores the scales of some blocks with these extremes; returns what values are multiplied with.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Scales(BlockFormat format, Vector128<float> extremes, ushort* scales, int count)
    {
        // A zero is a positive one.
        extremes += Vector128<float>.Zero;
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
    private static void PackPairs<B>(float* unit, V inverse, V half, V top, byte* to, byte* levels)
        where B : struct, IBits
    {
        byte* pairs = B.Count == 4 ? to : levels;
        for (int i = 0; i < UnitValues / 2; i += V.Width)
            V.StoreBytes(V.FusedMultiplyAdd(Level(unit + UnitValues / 2 + i, inverse, half, top), V.Broadcast(16), Level(unit + i, inverse, half, top)), pairs + i);
        if (B.Count == 2)
            *(ulong*)to = ((ulong*)levels)[0] | ((ulong*)levels)[1] << 2;
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
