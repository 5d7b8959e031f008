namespace Skiptune.Onnx;

/// <summary>Names that are not taken yet.</summary>
internal sealed class UniqueNames
{
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal) { "" };

    // Where to go on counting for a suggestion, so that many equal suggestions do not take quadratic time.
    private readonly Dictionary<string, int> _next = new(StringComparer.Ordinal);

    /// <summary>Marks a name as taken; false if it was.</summary>
    public bool Take(string name) => _taken.Add(name);

    /// <summary>Takes the suggested name, or the first of suggestion_1, suggestion_2, ... that is free.</summary>
    public string Create(string suggestion)
    {
        string name = suggestion;
        int number = _next.GetValueOrDefault(suggestion);
        while (!_taken.Add(name))
            name = $"{suggestion}_{++number}";
        _next[suggestion] = number;
        return name;
    }
}
