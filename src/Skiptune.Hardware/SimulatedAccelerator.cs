using Skiptune.Data;
using Skiptune.FineTuning;
using Skiptune.Hardware.Driver;
using Skiptune.Hardware.Simulation;
using Skiptune.Networks;

namespace Skiptune.Hardware;

/// <summary>Fine-tunes the reference CNN with Skip2-LoRA on the RTL of the accelerator, simulated cycle by cycle by Verilator.</summary>
public sealed class SimulatedAccelerator
{
    private readonly AcceleratorSession _session;

    /// <summary>Prepares a model.</summary>
    /// <param name="model">The reference CNN (see <see cref="LayerTable"/>) with 1 .. 16 classes.</param>
    /// <param name="hardware">How the accelerator is built; its classes are taken from the model.</param>
    /// <exception cref="SkiptuneException">The model is another network, or an option is out of range.</exception>
    public SimulatedAccelerator(Model model, AcceleratorOptions hardware)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(hardware);
        Base.NetworkQuantizer.Layers(model);
        _session = new AcceleratorSession(model, hardware with { Classes = model.GetOutputLayer().Classes });
    }

    /// <summary>What suits the accelerator: gradient descent at a rate of 0.2, batches of 10, a cosine schedule, 10 epochs.</summary>
    public static FineTuneOptions Defaults { get; } = new() { Optimizer = new Sgd { LearningRate = AcceleratorSession.LearningRate }, BatchSize = 10 };

    /// <summary>True to simulate a netlist in place of the RTL: the registers, memories and operators that Yosys made of it. Takes yosys, too.</summary>
    public bool Netlist { get; init; }

    /// <summary>Fine-tunes. Builds the simulator on first use, which takes a minute or two.</summary>
    /// <param name="train">Images of 1x28x28 with values 0 .. 1, at most as many as the accelerator's cache holds.</param>
    /// <param name="options">Method skip2-lora, optimizer sgd without momentum; the rank of the accelerator.</param>
    /// <param name="trace">Which cycles to write as waveforms, or null for none.</param>
    /// <param name="cancellationToken">Ends it with an exception.</param>
    /// <exception cref="SkiptuneException">
    /// The options or the data do not fit the accelerator, a tool is missing, or the hardware reported an error.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public AcceleratorResult Fit(DataSet train, FineTuneOptions options, TraceWindow? trace = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(train);
        AcceleratorOptions hardware = _session.Hardware;
        using SimulatedBus bus = new(SimulatedBus.Design(hardware) with { Trace = trace is not null, Form = Netlist ? RtlForm.Words : RtlForm.Source }, cancellationToken);
        new AcceleratorDriver(bus).Check(hardware);
        long began = bus.Cycle;
        long started = 0;
        AcceleratorResult result = _session.Fit(bus, train, options, Loaded, cancellationToken);
        if (trace is not null && result.Cycles.Total < trace.From)
            throw new SkiptuneException($"{trace.Path}: no waveforms, because the job took {result.Cycles.Total} cycles and they were to begin at {trace.From}; begin earlier");
        return result with { LoadCycles = started - began, ReadCycles = bus.Cycle - started - result.Cycles.Total };

        void Loaded()
        {
            started = bus.Cycle;
            if (trace is not null)
                bus.TraceWindow = (bus.Cycle + trace.From, trace.Count, trace.Path);
        }
    }
}
