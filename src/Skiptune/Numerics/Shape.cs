using System.Collections.Immutable;

namespace Skiptune.Numerics;

/// <summary>The extents of a tensor, outermost first; row-major, contiguous. A scalar has rank 0.</summary>
public readonly struct Shape : IEquatable<Shape>
{
    /// <summary>The largest number of elements a tensor may have: 2^31 - 1 - 64.</summary>
    public const int MaxElements = int.MaxValue - 64;

    private readonly ImmutableArray<int> _extents;

    /// <summary>Creates a shape.</summary>
    /// <param name="extents">Extents, each 0 or more; their product at most <see cref="MaxElements"/>.</param>
    /// <exception cref="ArgumentException">An extent is negative, or the product is too large.</exception>
    public Shape(params ReadOnlySpan<int> extents)
    {
        long count = 1;
        bool empty = extents.Contains(0);
        foreach (int extent in extents)
        {
            if (extent < 0)
                throw new ArgumentException($"a shape cannot have the extent {extent}", nameof(extents));
            count = empty ? 0 : count * extent;
            if (count > MaxElements)
                throw new ArgumentException($"a tensor of {string.Join('x', extents.ToArray())} is too large", nameof(extents));
        }
        _extents = [.. extents];
        Count = (int)count;
    }

    /// <summary>The number of elements.</summary>
    public int Count { get; }

    /// <summary>The number of axes.</summary>
    public int Rank => Extents.Length;

    /// <summary>The extents, outermost first.</summary>
    public ImmutableArray<int> Extents => _extents.IsDefault ? [] : _extents;

    /// <summary>The extent of an axis; negative axes count from the end.</summary>
    /// <param name="axis">-Rank .. Rank-1.</param>
    public int this[int axis] => Extents[axis < 0 ? axis + Rank : axis];

    /// <summary>The elements of one entry of the first axis (of one sample, in a batch).</summary>
    public int RowCount => Rank == 0 ? 1 : Product(1, Rank);

    /// <summary>The product of the extents of the axes <paramref name="from"/> .. <paramref name="to"/> - 1.</summary>
    public int Product(int from, int to)
    {
        int product = 1;
        for (int axis = from; axis < to; axis++)
            product *= Extents[axis];
        return product;
    }

    /// <summary>The same shape with another first extent.</summary>
    public Shape WithBatch(int batch)
    {
        int[] extents = [.. Extents];
        extents[0] = batch;
        return new Shape(extents);
    }

    /// <summary>The shape with one axis more in front.</summary>
    public Shape Prepend(int extent) => new([extent, .. Extents]);

    /// <summary>The shape without its first axis: one sample of a batch.</summary>
    public Shape Row() => new(Extents.AsSpan()[1..]);

    /// <inheritdoc/>
    public bool Equals(Shape other) => Extents.AsSpan().SequenceEqual(other.Extents.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Shape other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach (int extent in Extents)
            hash.Add(extent);
        return hash.ToHashCode();
    }

    /// <summary>Equality of all extents.</summary>
    public static bool operator ==(Shape left, Shape right) => left.Equals(right);

    /// <summary>Inequality of some extent.</summary>
    public static bool operator !=(Shape left, Shape right) => !left.Equals(right);

    /// <summary>The extents with 'x' between them, such as 20x1x28x28; a scalar reads "scalar".</summary>
    public override string ToString() => Rank == 0 ? "scalar" : string.Join('x', Extents);
}
