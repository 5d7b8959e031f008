namespace Skiptune.Streaming.Drift;

/// <summary>How an <see cref="Adwin"/> is made. Measured false-alarm rates and delays: docs/drift.md.</summary>
public sealed record AdwinOptions
{
    /// <summary>How sure a cut has to be: 1e-12 to 0.5; default 0.002. Smaller means fewer false alarms and longer delays.</summary>
    public double Delta { get; init; } = 0.002;

    /// <summary>How sure a warning has to be: <see cref="Delta"/> to 0.9; default 0.05.</summary>
    public double WarningDelta { get; init; } = 0.05;

    /// <summary>
    /// The range of the values, of which the bound has a term; null (default) for the deviation of those in the window, which
    /// makes the detector the same in all units. With 1, the bound of the paper and of river, values far smaller than 1
    /// never drift.
    /// </summary>
    public double? Range { get; init; }

    /// <summary>A test every so many samples: 1 to 10000; default 8.</summary>
    public int Clock { get; init; } = 8;

    /// <summary>Buckets of each size: 2 to 64; default 5. More cut the window more finely.</summary>
    public int Buckets { get; init; } = 5;

    /// <summary>The fewest samples on either side of a cut: 1 to 10000; default 30. Fewer find large changes a little sooner, and outliers too.</summary>
    public int MinimumLength { get; init; } = 30;

    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    internal void Check()
    {
        OptionRange.Check(Delta, 1e-12, 0.5);
        OptionRange.Check(WarningDelta, Delta, 0.9);
        OptionRange.Check(Range ?? 1, 1e-100, 1e100, nameof(Range));
        OptionRange.Check(Clock, 1, 10000);
        OptionRange.Check(Buckets, 2, 64);
        OptionRange.Check(MinimumLength, 1, 10000);
    }
}
