namespace Skiptune.Streams.Drift;

/// <summary>What a stream's values are: a detector may need one kind.</summary>
internal enum StreamKind
{
    /// <summary>Any numbers.</summary>
    Numbers,

    /// <summary>0 for right, 1 for wrong.</summary>
    Errors,

    /// <summary>Features, and an anomaly score.</summary>
    Samples,
}
