using System.CommandLine;
using Skiptune.Cli.Arguments;
using Skiptune.Cli.Output;
using Skiptune.Data;
using Skiptune.Hardware;
using Skiptune.Hardware.Synthesis;

namespace Skiptune.Cli.Commands;

/// <summary>fpga report: what the accelerator takes of the part, its longest paths, and its netlist under a whole job.</summary>
internal sealed class FpgaReportCommand : ExampleCommand
{
    private readonly Option<int> _lanes = NewOption.Integer("--lanes", "Values multiplied in a cycle: 16, 32 or 64", new AcceleratorOptions().Lanes);
    private readonly Option<int> _rank = NewOption.Integer("--rank", "Rank of the adapters, 1 .. 8", new AcceleratorOptions().Rank);
    private readonly Option<double?> _clock = NewOption.OptionalReal("--clock-mhz", "MHz", $"The clock whose period no path may exceed [default: {AcceleratorRun.DefaultClock}]");
    private readonly Option<string?> _json = CommonOptions.Json();

    public FpgaReportCommand()
        : base(
            "report",
            "Map the accelerator to the XCK26 with Yosys, and simulate its netlist on the embedded sample. Takes some minutes; fails if a bound is missed or the netlist differs.",
            "skiptune fpga report --lanes 32 --json report.json")
    {
        foreach (Option option in (Option[])[_lanes, _rank, _clock, _json])
            Add(option);
        SetAction(Run);
    }

    private int Run(ParseResult parsed)
    {
        AcceleratorOptions hardware = new() { Lanes = parsed.GetValue(_lanes), Rank = parsed.GetValue(_rank) };
        AcceleratorSynthesis synthesis = UsageException.Guard(() => new AcceleratorSynthesis(hardware));
        double clock = parsed.GetValue(_clock) ?? AcceleratorRun.DefaultClock;
        if (clock is not (> 0 and <= 10_000))
            throw new UsageException($"--clock-mhz must be above 0 and at most 10000, not {clock}");
        JsonTarget json = new(parsed.GetValue(_json));

        using Interruption interruption = new();
        SynchronousProgress<string> progress = new(module => Console.Error.WriteLine($"mapped {module}"));
        // The netlist is built and simulated while modules are mapped; what fails first ends both.
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(interruption.Token);
        Task<AcceleratorResult> simulation = Task.Run(() => Simulate(hardware, end.Token), end.Token);
        SynthesisReport report;
        try
        {
            report = synthesis.Run(progress, end.Token);
        }
        catch
        {
            end.Cancel();
            ((IAsyncResult)simulation).AsyncWaitHandle.WaitOne();
            throw;
        }
        SynthesisLines.Write(json.Text, report, clock);
        AcceleratorResult netlist = simulation.GetAwaiter().GetResult();
        json.Text.WriteLine($"netlist     {(netlist.BitExact ? "bit-exact" : "DIFFERS")}: a job of {hardware.Samples} samples and 10 epochs on it, {netlist.Cycles.Total:N0} cycles, against the integer model");
        bool good = report.Fits && report.PathNanoseconds <= 1000 / clock && netlist.BitExact;
        json.Text.WriteLine(good ? "bounds      all held" : "bounds      MISSED");
        json.Write(writer => SynthesisJson.Write(writer, report, clock, netlist, good));
        return good ? ExitCode.Ok : ExitCode.Failure;
    }

    private static AcceleratorResult Simulate(AcceleratorOptions hardware, CancellationToken cancellationToken)
    {
        using SampleSource source = SampleSource.PathOrSample(path: null, degrees: null);
        DataSet train = source.Load(Part.Train, samples: null, hardware.Samples, cancellationToken);
        SimulatedAccelerator accelerator = new(Model.Load(Assets.BaseModel), hardware) { Netlist = true };
        return accelerator.Fit(train, SimulatedAccelerator.Defaults with { Rank = hardware.Rank }, cancellationToken: cancellationToken);
    }
}
