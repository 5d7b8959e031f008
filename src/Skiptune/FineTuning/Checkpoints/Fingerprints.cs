using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Skiptune.Data;
using Skiptune.Numerics;

namespace Skiptune.FineTuning;

/// <summary>Hashes of what a run reads, made piece by piece, so that data larger than memory can be hashed too.</summary>
internal static class Fingerprints
{
    private const int ValuesAtATime = 1 << 16;

    /// <summary>The hash of all labels or target vectors.</summary>
    public static string OfLabels(DataSet data)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        if (data.ClassCount > 0)
            hash.AppendData(MemoryMarshal.AsBytes(data.Labels));
        // The samples themselves, where they are the targets, are hashed apart.
        float[] target = new float[data.Targets.Length];
        for (int i = 0; i < data.Count && target.Length > 0; i++)
        {
            data.ReadTargets([i], target);
            hash.AppendData(MemoryMarshal.AsBytes(target.AsSpan()));
        }
        return Text(hash);
    }

    /// <summary>The hash of all samples as the network reads them.</summary>
    public static string OfSamples(DataSet data, CancellationToken cancellationToken)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        int length = data.SampleShape.Count;
        int atATime = Math.Clamp(ValuesAtATime / length, 1, data.Count);
        int[] samples = new int[atATime];
        float[] values = new float[atATime * length];
        for (int first = 0; first < data.Count; first += atATime)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = Math.Min(atATime, data.Count - first);
            for (int i = 0; i < count; i++)
                samples[i] = first + i;
            data.Read(samples.AsSpan(0, count), values.AsSpan(0, count * length));
            hash.AppendData(MemoryMarshal.AsBytes(values.AsSpan(0, count * length)));
        }
        return Text(hash);
    }

    /// <summary>The hash of an adapter's names and values.</summary>
    public static string Of(Adapter adapter)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach ((string name, Tensor tensor) in adapter.Tensors)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{name}\0{tensor.Shape}\0"));
            hash.AppendData(MemoryMarshal.AsBytes(tensor.Span));
        }
        return Text(hash);
    }

    /// <summary>The hash of bytes.</summary>
    public static string Of(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static string Text(IncrementalHash hash) => Convert.ToHexStringLower(hash.GetHashAndReset());
}
