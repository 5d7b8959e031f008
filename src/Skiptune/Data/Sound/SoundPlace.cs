namespace Skiptune.Data;

/// <summary>Where a sound shorter than a sample lies in it, with silence around it, and which part of a longer one is taken.</summary>
public enum SoundPlace
{
    /// <summary>At the start; the first part.</summary>
    Start,

    /// <summary>In the middle.</summary>
    Middle,

    /// <summary>At the end, as what was last heard in a stream; the last part.</summary>
    End,
}
