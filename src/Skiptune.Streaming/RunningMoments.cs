namespace Skiptune.Streaming;

/// <summary>Mean and deviation of the values so far (Welford 1962).</summary>
internal struct RunningMoments
{
    /// <summary>The bytes of <see cref="Write"/>.</summary>
    public const int StateBytes = sizeof(long) + 2 * sizeof(double);

    private double _squares;

    public long Count { get; private set; }

    public double Mean { get; private set; }

    /// <summary>The root of the mean squared difference from the mean; 0 for none.</summary>
    public readonly double Deviation => Count > 0 ? Math.Sqrt(_squares / Count) : 0;

    public void Add(double value)
    {
        double before = value - Mean;
        Mean += before / ++Count;
        _squares += before * (value - Mean);
    }

    public readonly void Write(BinaryWriter writer)
    {
        writer.Write(Count);
        writer.Write(Mean);
        writer.Write(_squares);
    }

    public static RunningMoments Read(BinaryReader reader) => new() { Count = reader.ReadCount(), Mean = reader.ReadFinite(), _squares = reader.ReadSquares() };
}
