namespace Skiptune.Streaming.Loop;

/// <summary>
/// What a source hands to the learner: a reading, perhaps with its label; or, without features, the label of an earlier
/// reading; or something that could not be read.
/// </summary>
public sealed record StreamSample
{
    /// <summary>The values, as the model takes them; empty for a late label.</summary>
    public ReadOnlyMemory<float> Features { get; init; }

    /// <summary>The class, from 0; null if it is not known.</summary>
    public int? Label { get; init; }

    /// <summary>When it was measured; null if the source does not say.</summary>
    public DateTimeOffset? Time { get; init; }

    /// <summary>Where it comes from; ids and positions belong to their source. Default the empty name.</summary>
    public string Source { get; init; } = "";

    /// <summary>The message's id, which counts once a source; null if it has none. A late label names the reading by it.</summary>
    public string? Id { get; init; }

    /// <summary>
    /// True for a message that is known to be delivered for the first time: its id, made from its content, is noted but not
    /// compared, since a sensor may measure the same twice. Default false.
    /// </summary>
    public bool IsFirstDelivery { get; init; }

    /// <summary>Where the source stands behind this sample, such as the bytes of a file read so far; null for a source without positions.</summary>
    public SourcePosition? Position { get; init; }

    /// <summary>Why it could not be read; null for a sample that could.</summary>
    public string? Problem { get; init; }
}

/// <summary>How far a source has been read. Kept with the sample, so that a restart reads on exactly there.</summary>
/// <param name="Next">Where the next sample starts; grows from sample to sample.</param>
/// <param name="Mark">What the source recognises its own content by when it comes back, or null.</param>
public sealed record SourcePosition(long Next, string? Mark = null);
