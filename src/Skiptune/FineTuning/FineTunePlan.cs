using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Skiptune.Numerics;

namespace Skiptune.FineTuning;

/// <summary>A value that the trained part reads from the frozen part.</summary>
/// <param name="Name">Its name in the model.</param>
/// <param name="Shape">One sample's shape.</param>
/// <param name="Encoding">How a cache row keeps it.</param>
/// <param name="Bytes">Its bytes in a cache row.</param>
public sealed record PlannedTap(string Name, Shape Shape, string Encoding, int Bytes);

/// <summary>What a fine-tuning will do and need, known before it starts.</summary>
public sealed record FineTunePlan
{
    /// <summary>The method's name.</summary>
    public required string Method { get; init; }

    /// <summary>The cache format's name.</summary>
    public required string Cache { get; init; }

    /// <summary>What a cache row holds.</summary>
    public required ImmutableArray<PlannedTap> Taps { get; init; }

    /// <summary>The values the optimizer changes.</summary>
    public required long TrainableParameters { get; init; }

    /// <summary>The bytes of one sample in the forward cache; 0 without one.</summary>
    public required int CacheBytesPerSample { get; init; }

    /// <summary>The file beside which the forward cache lies; null for memory.</summary>
    public string? CachePath { get; init; }

    /// <summary>The bytes of activations, gradients, parameters and optimizer state; the cache comes on top.</summary>
    public required long WorkingBytes { get; init; }

    /// <summary>The kernel form.</summary>
    public required string Kernels { get; init; }

    /// <summary>The threads.</summary>
    public required int Threads { get; init; }

    /// <summary>
    /// The working memory of a run on that many samples, the cache unless it lies in a file, and an allowance of 4 MiB for what the
    /// kernels and the runtime hold besides. Not in it: the samples
    /// themselves, the programs that validation runs, and the scratch of convolutions whose weights are trained.
    /// </summary>
    /// <param name="samples">The samples of the training set.</param>
    public long PeakBytes(int samples) => WorkingBytes + RuntimeBytes + (CachePath is null ? (long)samples * CacheBytesPerSample : 0);

    /// <summary>The allowance.</summary>
    internal const long RuntimeBytes = 4L << 20;

    /// <summary>The plan for people, one fact a line.</summary>
    public override string ToString()
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"method      {Method}, {TrainableParameters:N0} trainable parameters\n");
        text.Append(CultureInfo.InvariantCulture, $"cache       {Cache}, {CacheBytesPerSample:N0} bytes a sample{(CachePath is null ? "" : $", in a file beside {CachePath}")}\n");
        foreach (PlannedTap tap in Taps)
            text.Append(CultureInfo.InvariantCulture, $"  {tap.Name,-24} {tap.Shape,-12} {tap.Encoding,-18} {tap.Bytes,7:N0} bytes\n");
        text.Append(CultureInfo.InvariantCulture, $"memory      {WorkingBytes / 1024.0:N0} KiB besides the cache\n");
        text.Append(CultureInfo.InvariantCulture, $"kernels     {Kernels}, {Threads} thread{(Threads == 1 ? "" : "s")}");
        return text.ToString();
    }
}
