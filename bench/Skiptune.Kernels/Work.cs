namespace Skiptune.Kernels;

/// <summary>What one call does.</summary>
/// <param name="Name">Its shape.</param>
/// <param name="Flops">Floating-point operations, a multiply-add two; 0 where they are not what counts.</param>
/// <param name="Bytes">Bytes read and written, each value once.</param>
public abstract record Work(string Name, double Flops, double Bytes)
{
    /// <inheritdoc/>
    public sealed override string ToString() => Name;
}
