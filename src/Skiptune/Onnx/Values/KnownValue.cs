using Skiptune.Numerics;

namespace Skiptune.Onnx;

/// <summary>
/// A whole-number value (a shape, an index, a condition) that is known when the file is read, or floats computed from
/// such. What follows from the batch is not known as a formula but by example: the value is computed for each batch
/// size of <see cref="Batches"/>, with the plain rules of the operators. Where all examples agree it is a constant,
/// where they differ it follows the batch; a formula a + b * batch would need rules of its own for each operator, and
/// would have none for a division, a comparison or a choice.
/// </summary>
/// <param name="Type">The ONNX element type.</param>
/// <param name="Examples">The value for each batch size.</param>
internal sealed record KnownValue(int Type, KnownTensor[] Examples)
{
    /// <summary>The batch sizes by which values are known: 1 would look like an extent to be repeated.</summary>
    public static readonly int[] Batches = [2, 3];

    /// <summary>The most elements of a value: shapes are short, and masks are made of them.</summary>
    public const int MaxElements = 1 << 20;

    /// <summary>A value that is the same for every batch.</summary>
    public static KnownValue Of(int type, Shape shape, double[] values)
    {
        KnownTensor tensor = new(shape, values);
        return new KnownValue(type, [.. Batches.Select(_ => tensor)]);
    }

    /// <summary>True if the value does not follow the batch.</summary>
    public bool IsConstant => Examples.All(example => example.Shape == Examples[0].Shape && example.Values.AsSpan().SequenceEqual(Examples[0].Values));

    /// <summary>The shape of the first example.</summary>
    public Shape Shape => Examples[0].Shape;
}

/// <summary>Numbers with a shape.</summary>
internal sealed record KnownTensor(Shape Shape, double[] Values)
{
    /// <summary>The number at a position of a larger shape to which this one is broadcast.</summary>
    public double At(Shape whole, int position)
    {
        int at = 0;
        for (int axis = whole.Rank - 1, step = 1, own = Shape.Rank - 1; axis >= 0 && own >= 0; axis--, own--)
        {
            (position, int index) = Math.DivRem(position, whole[axis]);
            at += Shape[own] == 1 ? 0 : index * step;
            step *= Shape[own];
        }
        return Values[at];
    }

    /// <summary>The numbers as whole ones; what is too large is the largest there is.</summary>
    public long[] Integers() => [.. Values.Select(value => value >= long.MaxValue ? long.MaxValue : value <= long.MinValue ? long.MinValue : (long)value)];
}
