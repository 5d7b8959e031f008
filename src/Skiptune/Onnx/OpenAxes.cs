using System.Collections.Immutable;

namespace Skiptune.Onnx;

/// <summary>The axes of a model's inputs that its file leaves open, besides the batch, and the extents they are given.</summary>
/// <param name="given">The extents by name.</param>
internal sealed class OpenAxes(ImmutableDictionary<string, int> given)
{
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly List<string> _names = []; // in the order of the file

    /// <summary>The extent an open axis is given; 1 if none is, which <see cref="Check"/> refuses.</summary>
    /// <param name="input">The input's name.</param>
    /// <param name="axis">The axis.</param>
    /// <param name="symbol">What the file calls it; may be empty.</param>
    public int ExtentOf(string input, int axis, string symbol)
    {
        string name = symbol.Length > 0 ? symbol : $"{input}:{axis}";
        if (_known.Add(name))
            _names.Add(name);
        return Math.Max(1, given.GetValueOrDefault(name, 1));
    }

    /// <summary>Throws unless all open axes are given an extent, and none besides.</summary>
    /// <exception cref="SkiptuneException">The message names the axes.</exception>
    public void Check()
    {
        string[] missing = [.. _names.Where(name => !given.ContainsKey(name))];
        if (missing.Length > 0)
        {
            throw new SkiptuneException(
                $"its inputs leave {(missing.Length == 1 ? "the axis" : "the axes")} {List(missing)} open besides the batch; give {(missing.Length == 1 ? "it an extent" : "each an extent")}, such as --dim {missing[0]}=16");
        }
        foreach ((string name, int extent) in given.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            if (!_known.Contains(name))
                throw new SkiptuneException($"no open axis is named {ErrorText.Quote(name)}; {(_names.Count == 0 ? "its inputs leave none open besides the batch" : $"its inputs leave {List(_names)} open")}");
            if (extent < 1)
                throw new SkiptuneException($"the axis {ErrorText.Quote(name)} cannot have the extent {extent}; 1 is the least");
        }
    }

    private static string List(IEnumerable<string> names) => string.Join(", ", names.Select(ErrorText.Quote));
}
