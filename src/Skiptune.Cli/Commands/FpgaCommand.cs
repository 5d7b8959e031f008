using System.CommandLine;

namespace Skiptune.Cli.Commands;

/// <summary>fpga: what concerns the accelerator.</summary>
internal sealed class FpgaCommand : Command
{
    public FpgaCommand()
        : base("fpga", "The FPGA accelerator: simulate a fine-tuning on its RTL, report what it takes of the part.")
    {
        Add(new FpgaSimulateCommand());
        Add(new FpgaReportCommand());
    }
}
