namespace Skiptune.Networks;

/// <summary>
/// Where the elements along one axis lie in memory: element i at Start + i * Step, or at Table[i], of which a
/// negative entry is a hole. The place of an element of a box is the sum over its axes.
/// </summary>
/// <param name="Extent">The elements.</param>
/// <param name="Start">The place of the first.</param>
/// <param name="Step">From one to the next; 0 to repeat, negative to go backwards.</param>
/// <param name="Table">The places, if they are no arithmetic series.</param>
/// <param name="Weights">What each is multiplied with, or null for 1.</param>
internal readonly record struct AxisMap(int Extent, int Start, int Step, int[]? Table = null, float[]? Weights = null)
{
    public const int Hole = -1;

    public int this[int index] => Table is null ? Start + index * Step : Table[index];

    /// <summary>True if an axis and the one inside it can be walked as one.</summary>
    public bool Continues(AxisMap inner) =>
        Table is null && inner.Table is null && Weights is null && inner.Weights is null && Step == inner.Step * inner.Extent;

    /// <summary>The axis and the one inside it as one.</summary>
    public AxisMap Join(AxisMap inner) => new(Extent * inner.Extent, Start + inner.Start, inner.Step);
}
