using Skiptune.Numerics;

namespace Skiptune.Tests.Numerics;

/// <summary>
/// The inputs and outputs of one kernel call, each in guarded memory, all filled from one seed, so that two
/// forms can run the same call on memory of their own and be compared bit for bit.
/// </summary>
internal sealed unsafe class Buffers(Edge edge) : IDisposable
{
    private const int BytesEach = 1 << 20;

    private readonly List<GuardedMemory> _slots = [];
    private readonly List<(nint Address, int Count, bool Floats)> _taken = [];
    private readonly List<float> _notes = [];

    public SeededRandom Random { get; private set; } = new(0);

    /// <summary>Forgets the last call's buffers.</summary>
    public Buffers Restart(long seed)
    {
        Random = new SeededRandom(seed);
        _taken.Clear();
        _notes.Clear();
        return this;
    }

    /// <summary>Values in [-2, 2).</summary>
    public Span<float> Floats(int count)
    {
        Span<float> values = new((void*)Take(count, sizeof(float)), count);
        Random.FillUniform(values, 2);
        return values;
    }

    /// <summary>Values in [0, 2).</summary>
    public Span<float> Positive(int count)
    {
        Span<float> values = Floats(count);
        foreach (ref float value in values)
            value = MathF.Abs(value);
        return values;
    }

    public Span<byte> Bytes(int count)
    {
        Span<byte> values = new((void*)Take(count, 1), count);
        foreach (ref byte value in values)
            value = (byte)Random.NextInt32(256);
        return values;
    }

    /// <summary>Takes a returned number into the comparison.</summary>
    public void Note(float value) => _notes.Add(value);

    /// <summary>
    /// Compares all buffers and returned numbers, +0 and -0 apart, any NaN with any NaN: which of two NaN's
    /// payloads an instruction keeps is its own choice.
    /// </summary>
    public void AssertSameBits(Buffers expected, string what)
    {
        Assert.Equal(expected._taken.Count, _taken.Count);
        AssertSame(expected._notes.ToArray(), _notes.ToArray(), what);
        for (int i = 0; i < _taken.Count; i++)
        {
            (nint address, int count, bool floats) = _taken[i];
            (nint expectedAddress, int expectedCount, _) = expected._taken[i];
            Assert.Equal(expectedCount, count);
            if (floats)
                AssertSame(new ReadOnlySpan<float>((void*)expectedAddress, count), new ReadOnlySpan<float>((void*)address, count), $"{what}, buffer {i}");
            else if (!new ReadOnlySpan<byte>((void*)expectedAddress, count).SequenceEqual(new ReadOnlySpan<byte>((void*)address, count)))
                Assert.Fail($"{what}, buffer {i}: the bytes differ");
        }
    }

    public void Dispose()
    {
        foreach (GuardedMemory slot in _slots)
            slot.Dispose();
    }

    private static void AssertSame(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, string what)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            if (BitConverter.SingleToInt32Bits(expected[i]) != BitConverter.SingleToInt32Bits(actual[i]) && !(float.IsNaN(expected[i]) && float.IsNaN(actual[i])))
                Assert.Fail($"{what}, value {i}: {expected[i]:R} expected, {actual[i]:R} found");
        }
    }

    private nint Take(int count, int size)
    {
        if (_taken.Count == _slots.Count)
            _slots.Add(new GuardedMemory(BytesEach));
        nint address = _slots[_taken.Count].Place(count * size, edge);
        _taken.Add((address, count, size == sizeof(float)));
        return address;
    }
}
