using System.Globalization;

namespace Skiptune.Data;

/// <summary>
/// The Python dictionary of an NPY header, of which just the form is understood that NumPy writes:
/// {'descr': '&lt;f4', 'fortran_order': False, 'shape': (3, 4), }, keys in any order.
/// </summary>
internal sealed class NpyDictionary
{
    private readonly string _text;
    private readonly string _name;
    private int _at;

    private NpyDictionary(string text, string name)
    {
        _text = text;
        _name = name;
    }

    public string Descriptor { get; private set; } = "";

    public bool FortranOrder { get; private set; }

    public long[] Extents { get; private set; } = [];

    /// <exception cref="SkiptuneException">The text has another form.</exception>
    public static NpyDictionary Parse(string text, string name)
    {
        NpyDictionary dictionary = new(text, name);
        dictionary.Parse();
        return dictionary;
    }

    private void Parse()
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        Expect('{');
        while (!Accept('}'))
        {
            string key = Text();
            Expect(':');
            if (!seen.Add(key))
                throw Malformed();
            switch (key)
            {
                case "descr":
                    Descriptor = Text();
                    break;
                case "fortran_order":
                    FortranOrder = Boolean();
                    break;
                case "shape":
                    Extents = Tuple();
                    break;
                default:
                    throw Malformed();
            }
            if (!Accept(','))
            {
                Expect('}');
                break;
            }
        }
        SkipSpace();
        if (seen.Count != 3 || _at != _text.Length)
            throw Malformed();
    }

    private long[] Tuple()
    {
        // One more than is ever supported: the caller says what is wrong with that.
        const int Most = 64;
        List<long> extents = [];
        Expect('(');
        while (!Accept(')'))
        {
            if (extents.Count == Most)
                throw Malformed();
            extents.Add(Number());
            if (!Accept(','))
            {
                Expect(')');
                break;
            }
        }
        return [.. extents];
    }

    private long Number()
    {
        SkipSpace();
        int start = _at;
        while (_at < _text.Length && char.IsAsciiDigit(_text[_at]))
            _at++;
        return long.TryParse(_text.AsSpan(start, _at - start), NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw Malformed();
    }

    private bool Boolean()
    {
        SkipSpace();
        foreach ((string word, bool value) in new[] { ("False", false), ("True", true) })
        {
            if (!_text.AsSpan(_at).StartsWith(word, StringComparison.Ordinal))
                continue;
            _at += word.Length;
            return value;
        }
        throw Malformed();
    }

    private string Text()
    {
        SkipSpace();
        if (_at >= _text.Length || _text[_at] is not ('\'' or '"'))
            throw Malformed();
        int end = _text.IndexOf(_text[_at], _at + 1);
        if (end < 0)
            throw Malformed();
        string text = _text[(_at + 1)..end];
        _at = end + 1;
        return text;
    }

    private void Expect(char c)
    {
        if (!Accept(c))
            throw Malformed();
    }

    private bool Accept(char c)
    {
        SkipSpace();
        if (_at >= _text.Length || _text[_at] != c)
            return false;
        _at++;
        return true;
    }

    private void SkipSpace()
    {
        while (_at < _text.Length && _text[_at] is ' ' or '\n')
            _at++;
    }

    private SkiptuneException Malformed() =>
        ErrorText.Of(_name, $"has a header that is not the dictionary of descr, fortran_order and shape that NumPy writes (wrong near character {_at}); write the file with numpy.save");
}
