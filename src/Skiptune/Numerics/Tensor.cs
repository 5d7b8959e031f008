using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Skiptune.Numerics;

/// <summary>A contiguous row-major tensor of float32 on 64-byte aligned memory.</summary>
public sealed class Tensor
{
    /// <summary>Creates a tensor of zeros.</summary>
    /// <param name="shape">Its extents.</param>
    public Tensor(Shape shape)
        : this(shape, AlignedMemory.Allocate<float>(shape.Count))
    {
    }

    /// <summary>Creates a tensor that holds a copy of the values.</summary>
    /// <param name="shape">Its extents.</param>
    /// <param name="values">Row-major values, as many as the shape has elements.</param>
    /// <exception cref="ArgumentException">The number of values is not the shape's.</exception>
    public Tensor(Shape shape, ReadOnlySpan<float> values)
        : this(shape)
    {
        if (values.Length != shape.Count)
            throw new ArgumentException($"{values.Length} values do not fill a tensor of {shape}", nameof(values));
        values.CopyTo(Span);
    }

    /// <summary>Wraps a part of <see cref="AlignedMemory"/> without copying it.</summary>
    internal Tensor(Shape shape, Memory<float> memory)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(memory.Length, shape.Count);
        Shape = shape;
        Memory = memory;
    }

    /// <summary>The extents.</summary>
    public Shape Shape { get; }

    /// <summary>The values, row-major.</summary>
    public Memory<float> Memory { get; }

    /// <summary>The values, row-major.</summary>
    public Span<float> Span => Memory.Span;

    /// <summary>Where the values are; <see cref="AlignedMemory"/> never moves. Keep the tensor while it is used.</summary>
    internal unsafe nint Address => (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(Span));

    /// <summary>A copy on memory of its own.</summary>
    public Tensor Clone() => new(Shape, Span);

    /// <summary>The same memory seen with other extents.</summary>
    /// <param name="shape">Extents with as many elements.</param>
    public Tensor Reshape(Shape shape) => new(shape, Memory);

    /// <summary>Entries <paramref name="first"/> .. <paramref name="first"/> + <paramref name="count"/> - 1 of the first axis, sharing the memory.</summary>
    public Tensor Rows(int first, int count) =>
        new(Shape.WithBatch(count), Memory.Slice(first * Shape.RowCount, count * Shape.RowCount));

    /// <summary>True if no value is NaN or infinite.</summary>
    /// <exception cref="SkiptuneException">SKIPTUNE_KERNELS names a form that does not exist or that this machine lacks.</exception>
    public bool IsFinite() => KernelSet.Current.AreFinite(Span);
}
