namespace Skiptune.Numerics;

/// <summary>
/// Working memory of a thread, kept and grown, so that kernels allocate nothing once warm. Each purpose has its own,
/// because a kernel may call another.
/// </summary>
internal static class Scratch
{
    [ThreadStatic]
    private static Memory<float>[]? t_buffers;

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
}
