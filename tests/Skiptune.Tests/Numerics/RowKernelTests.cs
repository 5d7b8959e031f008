using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Skiptune.Numerics;

namespace Skiptune.Tests.Numerics;

/// <summary>Kernels over rows that lie anywhere, in every format: the bits of decoded values and plain products.</summary>
[Trait("Category", "Kernels")]
public unsafe class RowKernelTests
{
    private const int LongestLength = 256;

    private static readonly RowFormat[] Formats =
    [
        RowFormat.Float32,
        RowFormat.Float16,
        .. from bits in new[] { 8, 4, 3, 2 } from signed in new[] { false, true } select new RowFormat(bits, signed),
    ];

    private static readonly OptimizerStep[] Steps =
    [
        OptimizerStep.Sgd(0.05f, 0.01f),
        OptimizerStep.Sgd(0.05f, 0),
        OptimizerStep.Momentum(0.05f, 0.9f, 0.01f),
        OptimizerStep.Adam(new AdamStep(0.9f, 0.999f, 1e-8f, 0.01f, 1.25f, 0.999f, 0.01f)),
    ];

    public static TheoryData<string, Edge> AllAtBothEdges => Forms.AllAtBothEdges;

    public static TheoryData<string> All => Forms.All;

    [Theory]
    [MemberData(nameof(AllAtBothEdges))]
    public void Every_form_gives_the_reference_s_bits_and_touches_nothing_else(string name, Edge edge)
    {
        KernelSet form = Forms.Get(name);
        using Buffers expected = new(Edge.End);
        using Buffers actual = new(edge);
        foreach (RowFormat format in Formats)
        {
            for (int length = 0; length <= LongestLength; length++)
            {
                int n = length;
                Forms.Compare(form, expected, actual, (kernels, buffers) => Call(kernels, buffers, format, n), n, $"{format} of {n}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Packed_rows_give_the_bits_of_their_values(string name)
    {
        KernelSet form = Forms.Get(name);
        using Buffers buffers = new(Edge.End);
        SeededRandom random = new(7);
        foreach (RowFormat format in Formats)
        {
            foreach (int count in new[] { 1, 20, 63, 64, 65, 84, 120, 400, 1176 })
            {
                buffers.Restart(count);
                (int samples, int rank) = (1 + random.NextInt32(33), 1 + random.NextInt32(9));
                string what = $"{name}, {format}: {samples} samples of {count} values, rank {rank}";
                RowBatch packed = Rows(form, buffers, format, count, samples);
                float[] decoded = new float[samples * count];
                for (int i = 0; i < samples; i++)
                    form.DecodeRow(format, new ReadOnlySpan<byte>((void*)packed.Addresses[i], format.Bytes(count)), decoded.AsSpan(i * count, count));

                Span<float> down = buffers.Floats(rank * count);
                float[] hidden = new float[samples * rank];
                float[] plain = new float[samples * rank];
                form.ProjectRows(packed, 0, samples, down, rank, hidden, rank);
                form.DotRows(samples, rank, count, decoded, count, down, count, plain, rank);
                AssertSame(plain, hidden, what);

                float[] gradient = new float[rank * count];
                float[] product = new float[rank * count];
                form.AddRowProducts(packed, 0, count, hidden, rank, rank, gradient);
                form.MultiplyAdd(rank, count, samples, new Matrix(hidden, rank).Transposed, new Matrix(decoded, count), product, count);
                AssertSame(product, gradient, what);

                foreach (OptimizerStep step in Steps)
                {
                    float[] parameters = down.ToArray();
                    float[] updated = down.ToArray();
                    (float[] first, float[] second) = (new float[rank * count], new float[rank * count]);
                    (float[] first2, float[] second2) = (new float[rank * count], new float[rank * count]);
                    // Twice, so that the state is no longer zero.
                    for (int time = 0; time < 2; time++)
                    {
                        form.Update(step, parameters, gradient, first, second);
                        for (int start = 0; start < count; start += 128)
                            form.UpdateFromRows(packed, start, Math.Min(start + 128, count), hidden, rank, rank, step, updated, first2, second2);
                    }
                    AssertSame(parameters, updated, $"{what}, {step.Rule}");
                    AssertSame(first, first2, $"{what}, {step.Rule}");
                    AssertSame(second, second2, $"{what}, {step.Rule}");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Halves_are_the_nearest_and_exact(string name)
    {
        KernelSet form = Forms.Get(name);
        ushort[] all = [.. Enumerable.Range(0, 1 << 16).Select(bits => (ushort)bits).Where(bits => Half.IsFinite(BitConverter.UInt16BitsToHalf(bits)))];
        float[] values = new float[all.Length];
        form.FromHalves(all, values);
        for (int i = 0; i < all.Length; i++)
            Assert.Equal(BitConverter.SingleToInt32Bits((float)BitConverter.UInt16BitsToHalf(all[i])), BitConverter.SingleToInt32Bits(values[i]));

        // Each half, what lies half way to the next, and one bit beside both.
        float[] wanted = [.. values.SelectMany(value => Around(value)), 65504, 65519.99f, 65520, 1e30f, float.MaxValue, float.MinValue, 1e-30f, float.Epsilon, -float.Epsilon];
        ushort[] halves = new ushort[wanted.Length];
        form.ToHalves(wanted, halves);
        for (int i = 0; i < wanted.Length; i++)
        {
            ushort expected = BitConverter.HalfToUInt16Bits((Half)Math.Clamp(wanted[i], -65504f, 65504f));
            if (expected != halves[i])
                Assert.Fail($"{wanted[i]:R}: {expected:x} expected, {halves[i]:x} found");
        }

        static IEnumerable<float> Around(float value)
        {
            float next = (float)Half.BitIncrement((Half)value);
            float middle = float.IsFinite(next) ? (value + next) / 2 : value;
            return [value, MathF.BitIncrement(value), MathF.BitDecrement(value), middle, MathF.BitIncrement(middle), MathF.BitDecrement(middle)];
        }
    }

    private static void Call(KernelSet kernels, Buffers buffers, RowFormat format, int count)
    {
        (int samples, int rank, int gap) = (1 + buffers.Random.NextInt32(33), 1 + buffers.Random.NextInt32(9), buffers.Random.NextInt32(3));
        int stride = rank + gap;
        RowBatch rows = Rows(kernels, buffers, format, count, samples);
        foreach (nint address in rows.Addresses)
            kernels.DecodeRow(format, new ReadOnlySpan<byte>((void*)address, format.Bytes(count)), buffers.Floats(count));
        int from = buffers.Random.NextInt32(samples);
        kernels.ProjectRows(rows, from, samples, buffers.Floats(rank * count), rank, buffers.Floats((samples - from - 1) * stride + rank), stride);
        Span<float> slopes = buffers.Floats((samples - 1) * stride + rank);
        kernels.AddRowProducts(rows, 0, count, slopes, stride, rank, buffers.Floats(rank * count));
        int start = count / 128 * 64;
        kernels.AddRowProducts(rows, start, count, slopes, stride, rank, buffers.Floats(rank * count));
        foreach (OptimizerStep step in Steps)
            kernels.UpdateFromRows(rows, start, count, slopes, stride, rank, step, buffers.Floats(rank * count), buffers.Floats(rank * count), buffers.Positive(rank * count));
    }

    private static RowBatch Rows(KernelSet kernels, Buffers buffers, RowFormat format, int count, int samples)
    {
        RowBatch rows = new(format, count, samples);
        for (int i = 0; i < samples; i++)
        {
            Span<float> values = format.Signed ? buffers.Floats(count) : buffers.Positive(count);
            // Whole blocks of zeros, in some samples and in all.
            if (i % 3 == 1)
                values[..Math.Min(64, count)].Clear();
            if (count > 128)
                values[64..128].Clear();
            Span<byte> row = buffers.Bytes(format.Bytes(count));
            kernels.EncodeRow(format, values, row);
            rows.Addresses[i] = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(row));
        }
        return rows;
    }

    private static void AssertSame(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, string what)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            if (BitConverter.SingleToInt32Bits(expected[i]) != BitConverter.SingleToInt32Bits(actual[i]))
                Assert.Fail($"{what}, value {i}: {expected[i]:R} expected, {actual[i]:R} found");
        }
    }
}
