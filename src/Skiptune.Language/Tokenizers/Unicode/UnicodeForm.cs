using System.Text;

namespace Skiptune.Language.Tokenizers.Unicode;

/// <summary>The normalization forms of Unicode Standard Annex 15.</summary>
/// <param name="Compatible">True for the forms that also take compatible characters apart (K).</param>
/// <param name="Composed">True for the forms that compose again (C).</param>
internal sealed record UnicodeForm(bool Compatible, bool Composed)
{
    // Syllables of Hangul are numbered by their letters: leading consonants, vowels, and no or a trailing consonant.
    private const int Syllable = 0xAC00;
    private const int Leading = 0x1100;
    private const int Vowel = 0x1161;
    private const int Trailing = 0x11A7;
    private const int Leadings = 19;
    private const int Vowels = 21;
    private const int Trailings = 28;

    private static readonly UnicodeData Data = UnicodeData.Instance;

    public static UnicodeForm C { get; } = new(Compatible: false, Composed: true);

    public static UnicodeForm D { get; } = new(Compatible: false, Composed: false);

    public static UnicodeForm KC { get; } = new(Compatible: true, Composed: true);

    public static UnicodeForm KD { get; } = new(Compatible: true, Composed: false);

    /// <summary>A text in this form.</summary>
    public string Of(string text)
    {
        if (System.Text.Ascii.IsValid(text))
            return text;
        List<int> codes = [];
        foreach (Rune rune in text.EnumerateRunes())
            Decompose(rune.Value, codes);
        Order(codes);
        if (Composed)
            Compose(codes);
        StringBuilder result = new(text.Length);
        foreach (int code in codes)
            result.Append(new Rune(code));
        return result.ToString();
    }

    private void Decompose(int code, List<int> to)
    {
        int syllable = code - Syllable;
        if (syllable is >= 0 and < Leadings * Vowels * Trailings)
        {
            to.Add(Leading + syllable / (Vowels * Trailings));
            to.Add(Vowel + syllable / Trailings % Vowels);
            if (syllable % Trailings != 0)
                to.Add(Trailing + syllable % Trailings);
            return;
        }
        if (Data.Decomposition(code, Compatible) is not { } parts)
        {
            to.Add(code);
            return;
        }
        foreach (int part in parts)
            Decompose(part, to);
    }

    // Runs of combining characters, sorted by their classes; equal ones stay in their order.
    private static void Order(List<int> codes)
    {
        int start = 0;
        while (start < codes.Count)
        {
            int end = start;
            while (end < codes.Count && Data.CombiningClass(codes[end]) != 0)
                end++;
            if (end - start > 1)
            {
                int[] sorted = [.. codes.GetRange(start, end - start).OrderBy(Data.CombiningClass)];
                for (int i = 0; i < sorted.Length; i++)
                    codes[start + i] = sorted[i];
            }
            start = end + 1;
        }
    }

    // A character joins the last one that begins a sequence unless something between them keeps it away.
    private static void Compose(List<int> codes)
    {
        int starter = -1;
        int last = 0;
        int kept = 0;
        for (int i = 0; i < codes.Count; i++)
        {
            int code = codes[i];
            int combining = Data.CombiningClass(code);
            bool near = starter >= 0 && (starter == kept - 1 || (last != 0 && last < combining));
            if (near && Composition(codes[starter], code) is { } composed)
            {
                codes[starter] = composed;
                continue;
            }
            if (combining == 0)
                starter = kept;
            last = combining;
            // What is kept is never ahead of what is read.
            codes[kept++] = code;
        }
        codes.RemoveRange(kept, codes.Count - kept);
    }

    private static int? Composition(int first, int second)
    {
        if (first - Leading is >= 0 and < Leadings && second - Vowel is >= 0 and < Vowels)
            return Syllable + ((first - Leading) * Vowels + second - Vowel) * Trailings;
        bool open = first - Syllable is >= 0 and < Leadings * Vowels * Trailings && (first - Syllable) % Trailings == 0;
        return open && second - Trailing is > 0 and < Trailings ? first + second - Trailing : Data.Composition(first, second);
    }
}
