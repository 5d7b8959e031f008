namespace Skiptune.Hardware;

/// <summary>Where the accelerator of a board is found. See docs/fpga.md for the block design behind it.</summary>
public sealed record BoardOptions
{
    /// <summary>
    /// The registers: a UIO device such as /dev/uio0 (default) with four ranges, the accelerator's and those of the DMA engines of
    /// parameters and results, of samples, and of the order; or the physical address of the first as 0xA0000000, the others
    /// following each 64 KiB after the last, reached over /dev/mem and without an interrupt.
    /// </summary>
    public string Device { get; init; } = "/dev/uio0";

    /// <summary>
    /// The memory of the DMA engines, 512 KiB or more: a u-dma-buf such as /dev/udmabuf0 (default), or reserved memory as
    /// ADDRESS:SIZE, such as 0x70000000:0x400000, reached over /dev/mem.
    /// </summary>
    public string Buffer { get; init; } = "/dev/udmabuf0";

    /// <summary>How long nothing may move before it is an error, above 0. Default 10 seconds; a job takes milliseconds.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Throws unless all are in range.</summary>
    /// <exception cref="SkiptuneException">A value is out of range.</exception>
    public void Check()
    {
        if (Timeout <= TimeSpan.Zero || Timeout > TimeSpan.FromHours(1))
            throw new SkiptuneException($"the timeout must be above 0 and at most an hour, not {Timeout.TotalSeconds} s");
    }
}
