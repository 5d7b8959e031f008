using System.CommandLine;
using Skiptune.Cli.Arguments;
using Skiptune.Hardware;

namespace Skiptune.Cli.Commands;

/// <summary>fpga run: a fine-tuning on the accelerator of a board.</summary>
internal sealed class FpgaRunCommand : FpgaTrainingCommand
{
    private static readonly BoardOptions Defaults = new();
    private static readonly Option<string> Device = NewOption.Text("--device", "path", "The registers: a UIO device with four ranges, or a physical address such as 0xA0000000", Defaults.Device);
    private static readonly Option<string> Buffer = NewOption.Text("--buffer", "path", "Memory of the DMA engines: a u-dma-buf, or reserved memory such as 0x70000000:0x400000", Defaults.Buffer);
    private static readonly Option<double?> Timeout = NewOption.OptionalReal("--timeout", "seconds", $"How long nothing may move before it is an error [default: {Defaults.Timeout.TotalSeconds}]");

    public FpgaRunCommand()
        : base(
            "run",
            "Fine-tune on the accelerator in the programmable logic of this board. The driver is the simulation's; it has not run on a board yet.",
            "skiptune fpga run --device /dev/uio0 --buffer /dev/udmabuf0 --adapter-path adapters --json fpga.json",
            Device,
            Buffer,
            Timeout)
    {
    }

    protected override (AcceleratorOptions Hardware, Trainer Train, IDisposable? Device) Open(ParseResult parsed)
    {
        BoardOptions options = UsageException.Guard(() =>
        {
            double seconds = parsed.GetValue(Timeout) ?? Defaults.Timeout.TotalSeconds;
            BoardOptions read = new() { Device = parsed.GetRequiredValue(Device), Buffer = parsed.GetRequiredValue(Buffer), Timeout = TimeSpan.FromSeconds(Math.Clamp(seconds, -1, 1e6)) };
            read.Check();
            return read;
        });
        BoardAccelerator accelerator = new(options);
        return (accelerator.Hardware, accelerator.Fit, accelerator);
    }
}
