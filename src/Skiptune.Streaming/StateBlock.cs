using System.Text;
using Skiptune.Data;

namespace Skiptune.Streaming;

/// <summary>
/// How state lies in a stream: its identity (the kind, its version and its options, as text), the length of the body, the
/// body, the body's CRC-32. Nothing of it is handed on before all of it has been read and checked.
/// </summary>
internal static class StateBlock
{
    private const int LongestIdentity = 4096;

    /// <summary>Writes what <paramref name="body"/> writes.</summary>
    public static void Write(BinaryWriter writer, string identity, Action<BinaryWriter> body)
    {
        using MemoryStream memory = new();
        using (BinaryWriter inner = new(memory, Encoding.UTF8, leaveOpen: true))
            body(inner);
        ReadOnlySpan<byte> bytes = memory.GetBuffer().AsSpan(0, (int)memory.Length);
        byte[] name = Encoding.UTF8.GetBytes(identity);
        writer.Write(name.Length);
        writer.Write(name);
        writer.Write(bytes.Length);
        writer.Write(bytes);
        writer.Write(Crc32.Of(bytes));
    }

    /// <summary>Reads a body of at most <paramref name="longest"/> bytes; all of it has to be used.</summary>
    /// <exception cref="InvalidDataException">The state is of another identity, or damaged.</exception>
    public static T Read<T>(BinaryReader reader, string identity, long longest, Func<BinaryReader, T> body)
    {
        string found = Encoding.UTF8.GetString(Bytes(reader, LongestIdentity));
        if (found != identity)
            throw new InvalidDataException($"the state is of {ErrorText.Quote(ErrorText.OneLine(found))}, not of {ErrorText.Quote(identity)}; start without it, or with the options it was made with");
        byte[] bytes = Bytes(reader, longest);
        if (Exactly(reader, sizeof(uint)) is not { } sum || BitConverter.ToUInt32(sum) != Crc32.Of(bytes))
            throw Damaged();
        using MemoryStream memory = new(bytes, writable: false);
        using BinaryReader inner = new(memory, Encoding.UTF8);
        try
        {
            T state = body(inner);
            return memory.Position == memory.Length ? state : throw Damaged();
        }
        catch (EndOfStreamException)
        {
            throw Damaged();
        }
    }

    /// <summary>The values, without their number.</summary>
    public static void Write(this BinaryWriter writer, ReadOnlySpan<float> values)
    {
        foreach (float value in values)
            writer.Write(value);
    }

    /// <summary>The values, without their number.</summary>
    public static void Write(this BinaryWriter writer, ReadOnlySpan<double> values)
    {
        foreach (double value in values)
            writer.Write(value);
    }

    /// <summary>As many values as the destination holds; finite ones.</summary>
    public static void Read(this BinaryReader reader, Span<float> values)
    {
        foreach (ref float value in values)
            value = float.IsFinite(value = reader.ReadSingle()) ? value : throw Damaged();
    }

    /// <summary>As many values as the destination holds; finite ones.</summary>
    public static void Read(this BinaryReader reader, Span<double> values)
    {
        foreach (ref double value in values)
            value = reader.ReadFinite();
    }

    /// <summary>One finite value.</summary>
    public static double ReadFinite(this BinaryReader reader) => reader.ReadDouble() is var value && double.IsFinite(value) ? value : throw Damaged();

    /// <summary>One finite value of 0 or more.</summary>
    public static double ReadSquares(this BinaryReader reader) => reader.ReadFinite() is var value and >= 0 ? value : throw Damaged();

    /// <summary>A count of 0 .. <paramref name="most"/>.</summary>
    public static int ReadCount(this BinaryReader reader, int most) => reader.ReadInt32() is var count && count >= 0 && count <= most ? count : throw Damaged();

    /// <summary>A number of samples.</summary>
    public static long ReadCount(this BinaryReader reader) => reader.ReadInt64() is var count and >= 0 ? count : throw Damaged();

    /// <summary>What a damaged state is refused with.</summary>
    public static InvalidDataException Damaged() => new("the state is damaged; start without it");

    private static byte[] Bytes(BinaryReader reader, long most)
    {
        if (Exactly(reader, sizeof(int)) is not { } length || BitConverter.ToInt32(length) is var count && (count < 0 || count > most))
            throw Damaged();
        return Exactly(reader, count) ?? throw Damaged();
    }

    private static byte[]? Exactly(BinaryReader reader, int count) => reader.ReadBytes(count) is var bytes && bytes.Length == count ? bytes : null;
}
