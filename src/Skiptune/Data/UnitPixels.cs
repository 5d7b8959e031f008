using System.Runtime.Intrinsics;

namespace Skiptune.Data;

/// <summary>Bytes 0 .. 255 to float32 0 .. 1.</summary>
internal static class UnitPixels
{
    private const float Reciprocal = 1 / 255f;

    /// <summary>
    /// destination = source / 255, correctly rounded. Each epoch reads each sample again, so this is on the hot path;
    /// small cores divide slowly, and a product with one fused correction is the same number for all 256 bytes.
    /// </summary>
    public static void Convert(ReadOnlySpan<byte> source, Span<float> destination)
    {
        int i = 0;
        for (; i <= source.Length - Vector128<byte>.Count; i += Vector128<byte>.Count)
        {
            (Vector128<ushort> low, Vector128<ushort> high) = Vector128.Widen(Vector128.Create(source.Slice(i, Vector128<byte>.Count)));
            Span<float> target = destination.Slice(i, Vector128<byte>.Count);
            Convert(low, target);
            Convert(high, target[Vector128<ushort>.Count..]);
        }
        for (; i < source.Length; i++)
            destination[i] = source[i] / 255f;
    }

    private static void Convert(Vector128<ushort> source, Span<float> destination)
    {
        (Vector128<uint> low, Vector128<uint> high) = Vector128.Widen(source);
        Divide(low).CopyTo(destination);
        Divide(high).CopyTo(destination[Vector128<uint>.Count..]);
    }

    private static Vector128<float> Divide(Vector128<uint> source)
    {
        Vector128<float> value = Vector128.ConvertToSingle(source.AsInt32());
        Vector128<float> quotient = value * Reciprocal;
        Vector128<float> rest = Vector128.FusedMultiplyAdd(quotient, Vector128.Create(-255f), value);
        return Vector128.FusedMultiplyAdd(rest, Vector128.Create(Reciprocal), quotient);
    }
}
