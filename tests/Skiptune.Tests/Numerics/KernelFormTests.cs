using Skiptune.Numerics;

namespace Skiptune.Tests.Numerics;

/// <summary>Every form gives the scalar reference's bits at every length, and touches nothing past its spans.</summary>
[Trait("Category", "Kernels")]
public class KernelFormTests
{
    private const int LongestLength = 256;

    private static readonly BlockFormat[] Formats =
        [.. from bits in new[] { 2, 3, 4, 8 } from signed in new[] { false, true } select new BlockFormat(bits, signed)];

    public static TheoryData<string, Edge> AllAtBothEdges => Forms.AllAtBothEdges;

    public static TheoryData<string> All => Forms.All;

    [Theory]
    [MemberData(nameof(AllAtBothEdges))]
    public void Kernels_of_a_length(string name, Edge edge)
    {
        KernelSet form = Forms.Get(name);
        using Buffers expected = new(Edge.End);
        using Buffers actual = new(edge);
        foreach ((string kernel, Action<KernelSet, Buffers, int> call) in KernelCases.ByLength)
        {
            for (int length = 0; length <= LongestLength; length++)
            {
                int n = length;
                Forms.Compare(form, expected, actual, (kernels, buffers) => call(kernels, buffers, n), n, $"{kernel} of {n}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(AllAtBothEdges))]
    public void Block_kernels(string name, Edge edge)
    {
        KernelSet form = Forms.Get(name);
        using Buffers expected = new(Edge.End);
        using Buffers actual = new(edge);
        foreach (BlockFormat format in Formats)
        {
            for (int length = 1; length <= BlockFormat.MaxValues; length++)
            {
                // The small and the large limit reach scales that float16 holds only coarsely or not at all.
                foreach (float limit in new[] { 1e-8f, 1e-4f, 1, 6e4f * 255, 1e30f })
                {
                    int n = length;
                    Forms.Compare(
                        form,
                        expected,
                        actual,
                        (kernels, buffers) => KernelCases.QuantizeAndDequantize(kernels, buffers, format, n, limit),
                        n,
                        $"{format} of {n} up to {limit}");
                }
            }
        }
    }

    // Written so that a wrong choice between +0 and -0, or between NaN and a number, shows in some lane.
    [Theory]
    [MemberData(nameof(All))]
    public void Special_values(string name)
    {
        KernelSet form = Forms.Get(name);
        float[] specials = [0f, -0f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.Epsilon, -float.Epsilon, float.MaxValue, float.MinValue, 1, -1];
        int pairs = specials.Length * specials.Length;
        float[] left = [.. Enumerable.Range(0, pairs).Select(i => specials[i / specials.Length])];
        float[] right = [.. Enumerable.Range(0, pairs).Select(i => specials[i % specials.Length])];
        using Buffers expected = new(Edge.End);
        using Buffers actual = new(Edge.End);
        Forms.Compare(form, expected, actual, Call, 0, "special values");

        void Call(KernelSet kernels, Buffers buffers)
        {
            Span<float> result = buffers.Floats(pairs);
            kernels.Relu(left, result);
            kernels.ReluBackward(left, right, buffers.Floats(pairs), accumulate: false);
            kernels.ReluBackward(left, right, buffers.Floats(pairs), accumulate: true);
            kernels.Add(left, right, buffers.Floats(pairs));
            kernels.Scale(left, -3, buffers.Floats(pairs));
            kernels.MultiplyAdd(left, right, left, buffers.Floats(pairs));
            kernels.MaxPool(new Window(2, 2), specials.Length, specials.Length, left, buffers.Floats((specials.Length - 1) * (specials.Length - 1)));
            kernels.MaxPool(new Window(2, 2), specials.Length, specials.Length, right, buffers.Floats((specials.Length - 1) * (specials.Length - 1)));
            FunctionCases.Special(kernels, buffers, left, right);
            for (int i = 0; i < specials.Length; i++)
                buffers.Note(kernels.Softmax(specials.AsSpan(i), buffers.Floats(specials.Length - i)).Sum);
        }
    }

    [Fact]
    public void The_guards_are_in_place()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux lists the protection of its pages");
        using GuardedMemory memory = new(10_000);
        Assert.StartsWith("---", Protection(memory.GuardBefore), StringComparison.Ordinal);
        Assert.StartsWith("rw", Protection(memory.Place(1, Edge.Start)), StringComparison.Ordinal);
        Assert.Equal(memory.GuardBefore + 1, memory.Place(1, Edge.Start));
        Assert.StartsWith("rw", Protection(memory.Place(1, Edge.End)), StringComparison.Ordinal);
        Assert.Equal(memory.GuardBehind, memory.Place(1, Edge.End) + 1);
        Assert.StartsWith("---", Protection(memory.GuardBehind), StringComparison.Ordinal);
    }

    private static string Protection(nint address)
    {
        foreach (string line in File.ReadLines("/proc/self/maps"))
        {
            string[] parts = line.Split([' ', '-'], 4);
            if ((ulong)address >= Convert.ToUInt64(parts[0], 16) && (ulong)address < Convert.ToUInt64(parts[1], 16))
                return line.Split(' ')[1];
        }
        return "unmapped";
    }
}
