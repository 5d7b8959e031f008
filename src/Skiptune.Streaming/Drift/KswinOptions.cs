namespace Skiptune.Streaming.Drift;

/// <summary>How a <see cref="Kswin"/> is made. Measured false-alarm rates and delays: docs/drift.md.</summary>
public sealed record KswinOptions
{
    /// <summary>The chance of a single test to find a change where there is none: 1e-12 to 0.5; default 1e-4. There is a test a sample.</summary>
    public double Alpha { get; init; } = 1e-4;

    /// <summary>The same for a warning: <see cref="Alpha"/> to 0.9; default 1e-3.</summary>
    public double WarningAlpha { get; init; } = 1e-3;

    /// <summary>Samples kept: 20 to 100000; default 1000.</summary>
    public int Window { get; init; } = 1000;

    /// <summary>The newest of them, which are compared with the others: 10 to Window - 10; default 150.</summary>
    public int Recent { get; init; } = 150;

    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    internal void Check()
    {
        OptionRange.Check(Alpha, 1e-12, 0.5);
        OptionRange.Check(WarningAlpha, Alpha, 0.9);
        OptionRange.Check(Window, 20, 100000);
        OptionRange.Check(Recent, 10, Window - 10);
    }
}
