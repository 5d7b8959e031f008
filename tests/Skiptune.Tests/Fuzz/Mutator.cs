using System.Buffers.Binary;
using Skiptune.Numerics;

namespace Skiptune.Tests.Fuzz;

/// <summary>Damages bytes and text in seeded ways.</summary>
internal sealed class Mutator(SeededRandom random)
{
    private static readonly long[] s_extremes =
    [
        0, 1, -1, 2, 3, 7, 127, 128, 255, 256, 1023, 65_535, 65_536, 1 << 24, 1 << 28, int.MaxValue - 64L, int.MaxValue, 1L << 31, uint.MaxValue,
        1L << 32, 1L << 48, 1L << 53, 1L << 62, long.MaxValue, long.MinValue, int.MinValue,
    ];

    private static readonly string[] s_words =
    [
        "\"", "\"\"", "'", ",", ",,,,", "\n", "\r\n", "\0", "[", "]", "{", "}", "(", ")", ":", "\\", "\\u0000", "\\ud800", "\u2028", "\uFEFF", "NaN", "inf", "-", "1e999", "1e-999",
        "null", "true", " ", "\t", "#", ";", "..", "/", "F16", "BF16", "I64", "U8", "<f8", "<i8", "|u1", ">f4", "|O", "True",
    ];

    public SeededRandom Random { get; } = random;

    public int Below(int bound) => Random.NextInt32(bound);

    public bool OneIn(int count) => Below(count) == 0;

    public T Pick<T>(IReadOnlyList<T> items) => items[Below(items.Count)];

    /// <summary>A number that programs get wrong.</summary>
    public long Extreme() => Pick(s_extremes);

    /// <summary>Bit flips, cuts, copies, extensions, numbers of 2, 4 or 8 bytes in either order, pieces of another file.</summary>
    public byte[] Bytes(byte[] whole, byte[] other)
    {
        List<byte> bytes = [.. whole];
        for (int changes = 1 + Below(4); changes > 0; changes--)
        {
            if (bytes.Count == 0)
                return [.. bytes];
            int at = Below(bytes.Count);
            int count = 1 + Below(Math.Min(16, bytes.Count - at));
            switch (Below(9))
            {
                case 0 or 1:
                    bytes[at] ^= (byte)(1 << Below(8));
                    break;
                case 2:
                    bytes[at] = OneIn(2) ? (byte)0xFF : (byte)Below(256);
                    break;
                case 3:
                    bytes.RemoveRange(at, count);
                    break;
                case 4:
                    bytes.InsertRange(at, bytes.GetRange(Below(bytes.Count - count + 1), count));
                    break;
                case 5:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                case 6:
                    bytes.AddRange(OneIn(2) ? new byte[1 + Below(64)] : bytes.GetRange(at, count));
                    break;
                case 7:
                    bytes.RemoveRange(at, bytes.Count - at);
                    bytes.AddRange(other.AsSpan(Math.Min(at, other.Length)));
                    break;
                default:
                    Overwrite(bytes, at, Extreme());
                    break;
            }
        }
        return [.. bytes];
    }

    /// <summary>Numbers become extreme, words are put in, pieces go, repeat, grow without end, or come from another text.</summary>
    public string Text(string whole, string other)
    {
        string text = whole;
        for (int changes = 1 + Below(3); changes > 0 && text.Length > 0; changes--)
        {
            int at = Below(text.Length);
            int count = 1 + Below(Math.Min(12, text.Length - at));
            text = Below(8) switch
            {
                0 or 1 or 2 => WithExtremeNumber(text, at),
                3 or 4 => text.Insert(at, Pick(s_words)),
                5 => text.Remove(at, count),
                6 => text.Insert(at, string.Concat(Enumerable.Repeat(text.Substring(at, count), OneIn(10) ? 2000 : 2))),
                _ => text[..at] + other[Math.Min(at, other.Length)..],
            };
        }
        return text;
    }

    private string WithExtremeNumber(string text, int at)
    {
        int start = text.AsSpan(at).IndexOfAnyInRange('0', '9') + at;
        if (start < at)
            return text;
        int end = start;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
            end++;
        return $"{text[..start]}{(OneIn(8) ? "99999999999999999999" : Extreme())}{text[end..]}";
    }

    private void Overwrite(List<byte> bytes, int at, long value)
    {
        Span<byte> number = stackalloc byte[8];
        if (OneIn(2))
            BinaryPrimitives.WriteInt64LittleEndian(number, value);
        else
            BinaryPrimitives.WriteInt64BigEndian(number, value);
        int size = 1 << (1 + Below(3));
        ReadOnlySpan<byte> part = number[0] == 0 && number[7] != 0 ? number[(8 - size)..] : number[..size];
        for (int i = 0; i < size && at + i < bytes.Count; i++)
            bytes[at + i] = part[i];
    }
}
