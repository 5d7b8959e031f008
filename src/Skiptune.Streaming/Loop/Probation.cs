namespace Skiptune.Streaming.Loop;

/// <summary>What the labelled samples after a swap say of the new version.</summary>
internal enum ProbationVerdict
{
    /// <summary>Nothing yet.</summary>
    Continue,

    /// <summary>The version before would have done better.</summary>
    RollBack,

    /// <summary>The version has been good enough for long enough.</summary>
    Confirmed,
}

/// <summary>Counts, over a window of labelled samples after a swap, how often the active version and the one before it are right.</summary>
internal sealed class Probation : IStreamState
{
    private const byte ActiveRight = 1;
    private const byte PreviousRight = 2;

    private readonly ProbationOptions _options;
    private readonly byte[] _window;
    private int _seen;
    private int _active;
    private int _previous;
    private int _both; // samples that both answer right

    public Probation(ProbationOptions options)
    {
        _options = options;
        _window = new byte[options.Window];
    }

    public int Samples => Math.Min(_seen, _window.Length);

    public double ActiveAccuracy => (double)_active / Math.Max(1, Samples);

    public double PreviousAccuracy => (double)_previous / Math.Max(1, Samples);

    public void Restart()
    {
        Array.Clear(_window);
        (_seen, _active, _previous, _both) = (0, 0, 0, 0);
    }

    public ProbationVerdict Add(bool activeRight, bool previousRight)
    {
        ref byte place = ref _window[_seen % _window.Length];
        Count(place, -1);
        place = (byte)((activeRight ? ActiveRight : 0) | (previousRight ? PreviousRight : 0));
        Count(place, 1);
        _seen++;
        bool isWorse = ActiveAccuracy < PreviousAccuracy - _options.Margin
            && ValidationReport.ChanceOf(_previous - _both, _active - _both) <= _options.MaximumChance;
        if (_seen >= _options.MinimumSamples && isWorse)
            return ProbationVerdict.RollBack;
        return _seen >= _options.Length ? ProbationVerdict.Confirmed : ProbationVerdict.Continue;
    }

    public void WriteState(BinaryWriter writer)
    {
        writer.Write(_window.Length);
        writer.Write(_seen);
        writer.Write(_window);
    }

    /// <summary>Takes on a state; under another window the probation begins anew.</summary>
    public void ReadState(BinaryReader reader)
    {
        Restart();
        if (reader.ReadInt32() != _window.Length)
            return;
        int seen = reader.ReadInt32();
        reader.BaseStream.ReadExactly(_window);
        foreach (byte place in _window)
            Count(place, 1);
        _seen = seen;
    }

    private void Count(byte place, int change)
    {
        _active += (place & ActiveRight) != 0 ? change : 0;
        _previous += (place & PreviousRight) != 0 ? change : 0;
        _both += place == (ActiveRight | PreviousRight) ? change : 0;
    }
}
