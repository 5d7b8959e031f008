using System.Collections.Immutable;
using Skiptune.Numerics;

namespace Skiptune.FineTuning;

/// <summary>
/// How the frozen forward results of a sample are kept from its first use to the next. The model's own output (the
/// base logits) is kept in float32 in every format.
/// </summary>
public sealed class CacheFormat
{
    private readonly Func<bool, RowFormat>? _rows;

    private CacheFormat(string name, string description, Func<bool, RowFormat>? rows)
    {
        Name = name;
        Description = description;
        _rows = rows;
    }

    /// <summary>No cache: the frozen part runs again in every step.</summary>
    public static CacheFormat None { get; } = new("none", "computed again in every step", null);

    /// <summary>Exact.</summary>
    public static CacheFormat Float32 { get; } = new("float32", "exact", _ => RowFormat.Float32);

    /// <summary>Half precision; values beyond its range become its largest.</summary>
    public static CacheFormat Float16 { get; } = new("float16", "half precision", _ => RowFormat.Float16);

    /// <summary>8-bit levels in blocks of 64 with a float16 scale.</summary>
    public static CacheFormat Int8 { get; } = Blocks(8);

    /// <summary>4-bit levels in blocks of 64 with a float16 scale.</summary>
    public static CacheFormat Int4 { get; } = Blocks(4);

    /// <summary>3-bit levels in blocks of 64 with a float16 scale.</summary>
    public static CacheFormat Int3 { get; } = Blocks(3);

    /// <summary>2-bit levels in blocks of 64 with a float16 scale.</summary>
    public static CacheFormat Int2 { get; } = Blocks(2);

    /// <summary>All formats.</summary>
    public static ImmutableArray<CacheFormat> All { get; } = [None, Float32, Float16, Int8, Int4, Int3, Int2];

    /// <summary>The name on the command line.</summary>
    public string Name { get; }

    /// <summary>What it does, in a few words.</summary>
    public string Description { get; }

    /// <summary>Finds a format by name.</summary>
    /// <param name="name">none, float32, float16, int8, int4, int3 or int2.</param>
    /// <exception cref="SkiptuneException">There is no such format.</exception>
    public static CacheFormat Parse(string name) =>
        All.FirstOrDefault(format => format.Name == name)
        ?? throw new SkiptuneException($"'{name}' is not a cache format; choose one of {string.Join(", ", All)}");

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>How a value is written: unsigned levels if it is never below zero, exact for the base's own output.</summary>
    internal RowFormat RowFormatFor(bool nonNegative, bool exact) => exact ? RowFormat.Float32 : _rows!(nonNegative);

    private static CacheFormat Blocks(int bits) =>
        new($"int{bits}", $"{bits}-bit levels, blocks of {BlockFormat.MaxValues}, float16 scales", nonNegative => new RowFormat(bits, !nonNegative));
}
