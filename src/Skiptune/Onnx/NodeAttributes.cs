using Skiptune.Onnx.Proto;
using AttributeType = Skiptune.Onnx.Proto.AttributeProto.Types.AttributeType;

namespace Skiptune.Onnx;

/// <summary>The attributes of a node, typed and in range. One that nobody asked for is refused in the end.</summary>
internal sealed class NodeAttributes
{
    private readonly Dictionary<string, AttributeProto> _unread = new(StringComparer.Ordinal);

    /// <summary>Takes the attributes of a node.</summary>
    /// <exception cref="SkiptuneException">One stands twice.</exception>
    public NodeAttributes(NodeProto node)
    {
        foreach (AttributeProto attribute in node.Attribute)
        {
            if (!_unread.TryAdd(attribute.Name, attribute))
                throw new SkiptuneException($"the attribute {ErrorText.Quote(attribute.Name)} stands twice");
        }
    }

    /// <summary>A whole number.</summary>
    public int Int(string name, int fallback, int min, int max) =>
        Take(name, AttributeType.Int) is { } attribute ? InRange(name, attribute.I, min, max) : fallback;

    /// <summary>A number; never NaN.</summary>
    public float Float(string name, float fallback, float min = float.MinValue, float max = float.MaxValue)
    {
        if (Take(name, AttributeType.Float) is not { } attribute)
            return fallback;
        // Negated, so that NaN fails.
        if (!(attribute.F >= min && attribute.F <= max))
            throw new SkiptuneException($"{name} is {attribute.F}, outside what is possible");
        return attribute.F;
    }

    /// <summary>A fixed number of whole numbers, or null.</summary>
    public int[]? Ints(string name, int count, int min, int max)
    {
        if (Take(name, AttributeType.Ints) is not { } attribute)
            return null;
        if (attribute.Ints.Count != count)
            throw new SkiptuneException($"{name} has {attribute.Ints.Count} numbers; {count} {(count == 1 ? "is" : "are")} needed");
        return [.. attribute.Ints.Select(value => InRange(name, value, min, max))];
    }

    /// <summary>Up to <paramref name="most"/> whole numbers, or null.</summary>
    public int[]? IntList(string name, int most, int min, int max)
    {
        if (Take(name, AttributeType.Ints) is not { } attribute)
            return null;
        if (attribute.Ints.Count > most)
            throw new SkiptuneException($"{name} has {attribute.Ints.Count} numbers; {most} are the most");
        return [.. attribute.Ints.Select(value => InRange(name, value, min, max))];
    }

    /// <summary>One of some words.</summary>
    public string Word(string name, string fallback, params ReadOnlySpan<string> others)
    {
        if (Take(name, AttributeType.String) is not { } attribute)
            return fallback;
        string word = attribute.S.ToStringUtf8();
        if (word != fallback && !others.Contains(word))
            throw new SkiptuneException($"{name} is {ErrorText.Quote(word)}; supported: {fallback}, {string.Join(", ", others)}");
        return word;
    }

    /// <summary>A flag that must be off where it is given.</summary>
    public void RefuseFlag(string name, string meaning)
    {
        if (Take(name, AttributeType.Int) is { I: not 0 } attribute)
            throw new SkiptuneException($"{name} = {attribute.I} ({meaning}) is not supported");
    }

    /// <summary>An attribute of this type as it is, or null.</summary>
    public AttributeProto? Take(string name, AttributeType type)
    {
        if (!_unread.Remove(name, out AttributeProto? attribute))
            return null;
        if (attribute.RefAttrName.Length > 0)
            throw new SkiptuneException($"{name} refers to an attribute of a function, outside of one");
        if (attribute.Type != type)
            throw new SkiptuneException($"{name} should be of type {type}, not {attribute.Type}");
        return attribute;
    }

    /// <summary>Throws if there are attributes that nothing has read: they could change what the node means.</summary>
    public void RefuseUnread()
    {
        if (_unread.Count > 0)
            throw new SkiptuneException($"not supported: {string.Join(", ", _unread.Keys.Select(name => $"attribute {ErrorText.Quote(name)}"))}");
    }

    private static int InRange(string name, long value, int min, int max)
    {
        if (value < min || value > max)
            throw new SkiptuneException($"{name} is {value}, outside {min} .. {max}");
        return (int)value;
    }
}
