namespace Skiptune.Hardware.Adapters;

/// <summary>The masters of all adapters, Q4.20.</summary>
internal sealed class AdapterState
{
    public AdapterState(AcceleratorOptions options)
    {
        Options = options;
        Down = new int[LayerTable.Words(options.Lanes), options.Rank, options.Lanes];
        Up = new int[LayerTable.Taps.Length, options.Classes, options.Rank];
    }

    public AcceleratorOptions Options { get; }

    /// <summary>A: cache word, row, lane.</summary>
    public int[,,] Down { get; }

    /// <summary>B: layer, class, column.</summary>
    public int[,,] Up { get; }

    public AdapterState Clone()
    {
        AdapterState copy = new(Options);
        Array.Copy(Down, copy.Down, Down.Length);
        Array.Copy(Up, copy.Up, Up.Length);
        return copy;
    }

    public bool SameAs(AdapterState other) =>
        Down.Cast<int>().SequenceEqual(other.Down.Cast<int>()) && Up.Cast<int>().SequenceEqual(other.Up.Cast<int>());
}
