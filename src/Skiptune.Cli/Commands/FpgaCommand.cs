using System.CommandLine;

namespace Skiptune.Cli.Commands;

/// <summary>fpga: what concerns the accelerator.</summary>
internal sealed class FpgaCommand : Command
{
    public FpgaCommand()
        : base("fpga", "The FPGA accelerator: fine-tune on its simulated RTL or on a board, report what it takes of the part.")
    {
        Add(new FpgaSimulateCommand());
        Add(new FpgaRunCommand());
        Add(new FpgaReportCommand());
    }
}
