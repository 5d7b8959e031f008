using System.Globalization;

namespace Skiptune.Language.Tokenizers.Unicode;

/// <summary>
/// What the Unicode Character Database says of decompositions and combining classes. The runtime's own normalisation needs
/// a library of the system, which a device may not have and a program may switch off.
/// </summary>
internal sealed class UnicodeData
{
    private static readonly Lazy<UnicodeData> Read = new(() => new UnicodeData());

    private readonly Dictionary<int, (bool Canonical, int[] Parts)> _decompositions = [];
    private readonly Dictionary<(int First, int Second), int> _compositions = [];
    private readonly Dictionary<int, byte> _classes = [];

    private UnicodeData()
    {
        using Stream stream = typeof(UnicodeData).Assembly.GetManifestResourceStream("unicode.txt")!;
        using StreamReader reader = new(stream);
        while (reader.ReadLine() is { } line)
        {
            int sign = line.AsSpan().IndexOfAny("=~?@");
            if (line.StartsWith('#'))
                continue;
            int code = Hex(line.AsSpan(0, sign));
            string[] fields = line[(sign + 1)..].Split(' ');
            if (line[sign] == '@')
            {
                for (int last = Hex(fields[0]); code <= last; code++)
                    _classes[code] = byte.Parse(fields[1], CultureInfo.InvariantCulture);
                continue;
            }
            int[] parts = [.. fields.Select(field => Hex(field))];
            _decompositions[code] = (line[sign] != '?', parts);
            if (line[sign] == '=')
                _compositions[(parts[0], parts[1])] = code;
        }
    }

    public static UnicodeData Instance => Read.Value;

    /// <summary>What a code point decomposes into, once; null if it does not.</summary>
    public int[]? Decomposition(int code, bool compatible) =>
        _decompositions.TryGetValue(code, out (bool Canonical, int[] Parts) found) && (found.Canonical || compatible) ? found.Parts : null;

    /// <summary>What two code points compose, or null.</summary>
    public int? Composition(int first, int second) => _compositions.TryGetValue((first, second), out int composed) ? composed : null;

    /// <summary>The canonical combining class; 0 for what begins a sequence.</summary>
    public int CombiningClass(int code) => _classes.GetValueOrDefault(code);

    private static int Hex(ReadOnlySpan<char> digits) => int.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
