using System.Collections.Immutable;
using System.Text;

namespace Skiptune.Hardware.Registers;

/// <summary>
/// The register map: the one source of hw/rtl/skiptune_registers_pkg.sv, of the table in docs/fpga.md and of what the driver
/// uses. A test compares the files with what <see cref="SystemVerilog"/> and <see cref="Markdown"/> make.
/// </summary>
public static class RegisterMap
{
    /// <summary>What <see cref="Identity"/> reads: "SKT1".</summary>
    public const uint IdentityValue = 0x534B5431;

    /// <summary>Names the accelerator.</summary>
    public static Register Identity { get; } = new("Identity", 0x00, "r", "0x534B5431, \"SKT1\"");

    /// <summary>How it was built.</summary>
    public static Register Configuration { get; } = new("Configuration", 0x04, "r", "lanes in bits 7..0, rank in 11..8, classes in 16..12, the logarithm of samples in 20..17, of the batch in 24..21");

    /// <summary>What it is to do.</summary>
    public static Register Control { get; } = new("Control", 0x08, "w", "bit 0 starts a job, bit 1 ends all work at once, bit 2 sends the masters on the result stream");

    /// <summary>How it is.</summary>
    public static Register Status { get; } = new("Status", 0x0C, "rw", "bit 0: a job runs; bit 1: a job ended; bit 2: the order named a sample beyond the job or too large a batch; bit 3: a sample was not 392 words and a label; bit 4: a row of parameters ended early. Bits 1 and 3 .. 4 are cleared by writing 1, bit 2 by the next start");

    /// <summary>Which interrupts are wanted.</summary>
    public static Register InterruptEnable { get; } = new("InterruptEnable", 0x10, "rw", "bit 0: the interrupt line follows bit 1 of Status");

    /// <summary>Samples of the job.</summary>
    public static Register Samples { get; } = new("Samples", 0x14, "rw", "samples that the job sends, 1 .. its capacity");

    /// <summary>Steps of the job.</summary>
    public static Register Steps { get; } = new("Steps", 0x18, "rw", "batches that the order has, 0 .. 65535");

    /// <summary>Shifts between layers.</summary>
    public static Register Shifts { get; } = new("Shifts", 0x1C, "rw", "for each layer of the base the shift of its sums, four bits each, the first lowest");

    /// <summary>Exponents of tapped values.</summary>
    public static Register Exponents { get; } = new("Exponents", 0x20, "rw", "for each tapped value v the e of v / 2^e, four bits each, the first lowest");

    /// <summary>Cycles of the job.</summary>
    public static Register Cycles { get; } = new("Cycles", 0x24, "r", "clock cycles of the last job, or of this one so far");

    /// <summary>Cycles while the base worked.</summary>
    public static Register CyclesBase { get; } = new("CyclesBase", 0x28, "r", "of these, until the last sample was in the cache");

    /// <summary>Cycles in which the adapter engine got a command.</summary>
    public static Register CyclesIssue { get; } = new("CyclesIssue", 0x2C, "r", "cycles in which the adapter engine began a word");

    /// <summary>Cycles of waiting for samples.</summary>
    public static Register CyclesWaitSamples { get; } = new("CyclesWaitSamples", 0x30, "r", "cycles in which training waited for samples");

    /// <summary>Cycles of waiting for the order.</summary>
    public static Register CyclesWaitOrder { get; } = new("CyclesWaitOrder", 0x34, "r", "cycles in which training waited for the order stream");

    /// <summary>All registers by address.</summary>
    public static ImmutableArray<Register> All { get; } =
    [
        Identity, Configuration, Control, Status, InterruptEnable, Samples, Steps, Shifts, Exponents, Cycles, CyclesBase, CyclesIssue, CyclesWaitSamples, CyclesWaitOrder,
    ];

    /// <summary>The package of addresses.</summary>
    public static string SystemVerilog()
    {
        StringBuilder text = new();
        text.Append("// Addresses of the registers. Made from RegisterMap.cs; a test compares the two.\n");
        text.Append("/* verilator lint_off UNUSEDPARAM */\npackage skiptune_registers_pkg;\n");
        text.Append($"    localparam logic [31:0] IDENTITY_VALUE = 32'h{IdentityValue:X8};\n");
        foreach (Register register in All)
            text.Append($"    localparam logic [7:0] {register.ConstantName} = 8'h{register.Offset:X2};\n");
        text.Append("endpackage\n/* verilator lint_on UNUSEDPARAM */\n");
        return text.ToString();
    }

    /// <summary>The table of the documentation.</summary>
    public static string Markdown()
    {
        StringBuilder text = new("| address | register | access | meaning |\n|---|---|---|---|\n");
        foreach (Register register in All)
            text.Append($"| 0x{register.Offset:X2} | {register.Name} | {register.Access} | {register.Meaning} |\n");
        return text.ToString();
    }
}
