namespace Skiptune.Numerics;

/// <summary>
/// The samples of a batch, read where they lie: the address of each one's values. Whoever fills in the addresses keeps
/// the memory in place and alive while kernels read it.
/// </summary>
/// <param name="format">How the values of a sample are written.</param>
/// <param name="count">The values of a sample.</param>
/// <param name="samples">The samples of a batch.</param>
internal sealed class RowBatch(RowFormat format, int count, int samples)
{
    public RowFormat Format { get; } = format;

    /// <summary>The values of a sample.</summary>
    public int Count { get; } = count;

    /// <summary>Where each sample's values start.</summary>
    public nint[] Addresses { get; } = new nint[samples];

    /// <summary>
    /// How far behind each sample's values those of the batch after lie, in bytes, which a kernel that is done with this one's
    /// may bring nearer; 0 where that is not known.
    /// </summary>
    public nint[] Following { get; } = new nint[samples];

    /// <summary>Points at the rows of a matrix in float32 that lies at an address.</summary>
    public void PointAt(nint first)
    {
        for (int i = 0; i < Addresses.Length; i++)
            Addresses[i] = first + (nint)i * Count * sizeof(float);
    }
}
