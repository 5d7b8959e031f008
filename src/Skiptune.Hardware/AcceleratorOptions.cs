namespace Skiptune.Hardware;

/// <summary>The parameters with which the accelerator is built; changing one makes other hardware.</summary>
public sealed record AcceleratorOptions
{
    /// <summary>Values of a cache word, all multiplied in one cycle: 16, 32 (default) or 64.</summary>
    public int Lanes { get; init; } = 32;

    /// <summary>The rank R of every adapter, 1 .. 8. Default 4.</summary>
    public int Rank { get; init; } = 4;

    /// <summary>Classes of the base network, 1 .. 16. Default 10.</summary>
    public int Classes { get; init; } = 10;

    /// <summary>The most samples of a job, a power of two from 16 to 4096. Default 1024; decides how much UltraRAM the cache takes.</summary>
    public int Samples { get; init; } = 1024;

    /// <summary>The most samples of a batch, a power of two from 4 to 32. Default 32.</summary>
    public int Batch { get; init; } = 32;

    /// <summary>Throws unless all are in range.</summary>
    /// <exception cref="SkiptuneException">A value is out of range.</exception>
    public void Check()
    {
        if (Lanes is not (16 or 32 or 64))
            throw new SkiptuneException($"the accelerator has 16, 32 or 64 lanes, not {Lanes}");
        if (Rank is < 1 or > 8)
            throw new SkiptuneException($"the accelerator's rank is 1 .. 8, not {Rank}");
        if (Classes is < 1 or > 16)
            throw new SkiptuneException($"the accelerator has room for 1 .. 16 classes, not {Classes}");
        if (Samples is < 16 or > 4096 || !int.IsPow2(Samples))
            throw new SkiptuneException($"the accelerator's cache holds a power of two from 16 to 4096 samples, not {Samples}");
        if (Batch is < 4 or > 32 || !int.IsPow2(Batch))
            throw new SkiptuneException($"the accelerator's batches have room for a power of two from 4 to 32 samples, not {Batch}");
    }
}
