namespace Skiptune.Streams.Drift;

/// <summary>The streams of a measurement.</summary>
/// <param name="First">The first seed.</param>
/// <param name="Count">How many there are.</param>
internal sealed record Seeds(int First, int Count)
{
    /// <summary>Those on which defaults were chosen.</summary>
    public static Seeds Choosing { get; } = new(0, 100);

    /// <summary>Those of the published table.</summary>
    public static Seeds Reporting { get; } = new(10_000, 200);

    public IEnumerable<int> All => Enumerable.Range(First, Count);
}
