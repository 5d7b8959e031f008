namespace Skiptune.Numerics;

/// <summary>
/// Working memory of a thread, kept and grown, so that kernels allocate nothing once warm. Each purpose has its own,
/// because a kernel may call another.
/// </summary>
internal static class Scratch
{
    private const int MostTables = 64;

    [ThreadStatic]
    private static Memory<float>[]? t_buffers;

    [ThreadStatic]
    private static Dictionary<int, int[]>? t_multiples;

    public enum Purpose
    {
        Panel,
        Row,
        Planes,
        Slopes,
        Output,
        Result,
        Gradient,
        Line,
        Bias,
        Cells,
        Band,
    }

    /// <summary>Memory for that many values, not cleared, valid until the same thread asks for the purpose again.</summary>
    public static Span<float> Get(Purpose purpose, int count)
    {
        t_buffers ??= new Memory<float>[Enum.GetValues<Purpose>().Length];
        ref Memory<float> buffer = ref t_buffers[(int)purpose];
        if (buffer.Length < count)
            buffer = AlignedMemory.Allocate<float>(count);
        return buffer.Span[..count];
    }

    /// <summary>A table of at least that many multiples of a number: 0, step, 2 step ...</summary>
    public static Span<int> Multiples(int count, int step)
    {
        t_multiples ??= [];
        if (t_multiples.TryGetValue(step, out int[]? table) && table.Length >= count)
            return table;
        if (t_multiples.Count >= MostTables)
            t_multiples.Clear();
        table = new int[Math.Max(count, 16)];
        for (int i = 0; i < table.Length; i++)
            table[i] = checked(i * step);
        t_multiples[step] = table;
        return table;
    }
}
