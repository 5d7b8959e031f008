using System.CommandLine;
using Skiptune.Cli.Arguments;
using Skiptune.Cli.Output;
using Skiptune.Hardware;

namespace Skiptune.Cli.Commands;

/// <summary>fpga simulate: a fine-tuning on the simulated accelerator.</summary>
internal sealed class FpgaSimulateCommand : FpgaTrainingCommand
{
    private const long DefaultTraceCycles = 10_000;

    private static readonly AcceleratorOptions Defaults = new();
    private static readonly Option<int> Lanes = NewOption.Integer("--lanes", "Values multiplied in a cycle: 16, 32 or 64", Defaults.Lanes);
    private static readonly Option<int> Rank = NewOption.Integer("--rank", "Rank of the adapters, 1 .. 8", Defaults.Rank);
    private static readonly Option<string?> Trace = NewOption.OptionalText("--trace", "file", "Write waveforms (FST) of the chosen cycles; builds another simulator");
    private static readonly Option<long> TraceFrom = NewOption.Long("--trace-from", "First cycle of the waveforms, counted from the start of the job", 0);
    private static readonly Option<long> TraceCycles = NewOption.Long("--trace-cycles", "Cycles of the waveforms", DefaultTraceCycles);

    public FpgaSimulateCommand()
        : base(
            "simulate",
            "Fine-tune on the accelerator's RTL, simulated cycle by cycle. The simulator is built on first use (Verilator, a minute or two).",
            "skiptune fpga simulate --lanes 32 --clock-mhz 200 --adapter-path adapters --json fpga.json",
            Lanes,
            Rank,
            Trace,
            TraceFrom,
            TraceCycles)
    {
    }

    protected override (AcceleratorOptions Hardware, Trainer Train, IDisposable? Device) Open(ParseResult parsed)
    {
        AcceleratorOptions hardware = UsageException.Guard(() =>
        {
            AcceleratorOptions read = new() { Lanes = parsed.GetValue(Lanes), Rank = parsed.GetValue(Rank) };
            read.Check();
            return read;
        });
        TraceWindow? trace = Window(parsed);
        return (hardware, (model, train, options, token) => UsageException.Guard(() => new SimulatedAccelerator(model, hardware)).Fit(train, options, trace, token), null);
    }

    private static TraceWindow? Window(ParseResult parsed)
    {
        (long from, long count) = (parsed.GetValue(TraceFrom), parsed.GetValue(TraceCycles));
        if (parsed.GetValue(Trace) is not { } path)
            return null;
        if (from < 0 || count < 1)
            throw new UsageException("--trace-from must be 0 or more and --trace-cycles 1 or more");
        OutputPath.CheckFile(path);
        return new TraceWindow(Path.GetFullPath(path), from, count);
    }
}
