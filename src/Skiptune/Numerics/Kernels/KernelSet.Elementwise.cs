namespace Skiptune.Numerics;

public abstract partial class KernelSet
{
    /// <summary>destination = max(source, 0); a NaN stays.</summary>
    internal abstract void Relu(ReadOnlySpan<float> source, Span<float> destination);

    /// <summary>destination (+)= outputGradient where output &gt; 0, else 0.</summary>
    internal abstract void ReluBackward(ReadOnlySpan<float> output, ReadOnlySpan<float> outputGradient, Span<float> destination, bool accumulate);

    /// <summary>destination = left + right.</summary>
    internal abstract void Add(ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> destination);

    /// <summary>destination = source * factor.</summary>
    internal abstract void Scale(ReadOnlySpan<float> source, float factor, Span<float> destination);

    /// <summary>destination += source * factor, fused.</summary>
    internal abstract void AddScaled(ReadOnlySpan<float> source, float factor, Span<float> destination);

    /// <summary>destination = source * factor + offset, fused, element by element.</summary>
    internal abstract void MultiplyAdd(ReadOnlySpan<float> source, ReadOnlySpan<float> factor, ReadOnlySpan<float> offset, Span<float> destination);

    /// <summary>destination = source * factor + offset, fused, with one factor and one offset.</summary>
    internal abstract void MultiplyAdd(ReadOnlySpan<float> source, float factor, float offset, Span<float> destination);

    /// <summary>The sum of all values, a <see cref="Lanes"/>-way reduction.</summary>
    internal abstract float Sum(ReadOnlySpan<float> values);

    /// <summary>True if no value is NaN or infinite.</summary>
    internal abstract bool AreFinite(ReadOnlySpan<float> values);

    /// <summary>The transpose of a matrix.</summary>
    /// <param name="rows">Rows of the source.</param>
    /// <param name="columns">Columns of the source.</param>
    /// <param name="source">rows x columns.</param>
    /// <param name="destination">Becomes columns x rows.</param>
    internal virtual void Transpose(int rows, int columns, ReadOnlySpan<float> source, Span<float> destination)
    {
        CheckLengths(rows * columns, source.Length, destination.Length);
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
                destination[column * rows + row] = source[row * columns + column];
        }
    }

    private protected static void CheckLengths(int expected, int first, int second = -1, int third = -1)
    {
        if (first != expected || (second >= 0 && second != expected) || (third >= 0 && third != expected))
            throw new ArgumentException($"the lengths {expected}, {first}, {second}, {third} differ");
    }
}
