using System.Collections.Immutable;

namespace Skiptune.Onnx;

/// <summary>How an ONNX file is read.</summary>
public sealed record OnnxReadOptions
{
    /// <summary>The folder in which weights stored in other files lie; null (the default) to refuse such models.</summary>
    public string? Folder { get; init; }

    /// <summary>
    /// Extents, at least 1, for the open axes of the inputs other than the batch, such as a sequence length. An axis goes by
    /// the name the file gives it, or where it has none by its input's name, a colon and its position from 0 (tokens:1).
    /// Default none: a model with open axes is refused with an error that names them.
    /// </summary>
    public ImmutableDictionary<string, int> Dimensions { get; init; } = ImmutableDictionary<string, int>.Empty;

    /// <summary>True to take the inputs' shapes as they stand: no axis is a batch, and any rank is fine. Default false.</summary>
    internal bool FixedShapes { get; init; }
}
