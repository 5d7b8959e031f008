using System.Collections.Immutable;
using System.Diagnostics;
using Skiptune.Data;
using Skiptune.FineTuning;
using Skiptune.Hardware.Adapters;
using Skiptune.Hardware.Driver;
using Skiptune.Hardware.Jobs;
using Skiptune.Hardware.Simulation;
using Skiptune.Networks;

namespace Skiptune.Hardware;

/// <summary>Fine-tunes the reference CNN with Skip2-LoRA on the RTL of the accelerator, simulated cycle by cycle by Verilator.</summary>
public sealed class SimulatedAccelerator
{
    /// <summary>The rate of gradient descent where none is given.</summary>
    private const float LearningRate = 0.2f;

    // Chosen with the rate and the batch on images that are neither trained on nor tested; see docs/fpga.md.
    private static readonly ImmutableArray<int> TapGains = [0, 1, 1, 2, 2];

    private readonly Model _model;
    private readonly AcceleratorOptions _hardware;

    /// <summary>Prepares a model.</summary>
    /// <param name="model">The reference CNN (see <see cref="LayerTable"/>) with 1 .. 16 classes.</param>
    /// <param name="hardware">How the accelerator is built; its classes are taken from the model.</param>
    /// <exception cref="SkiptuneException">The model is another network, or an option is out of range.</exception>
    public SimulatedAccelerator(Model model, AcceleratorOptions hardware)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(hardware);
        Base.NetworkQuantizer.Layers(model);
        _model = model;
        _hardware = hardware with { Classes = model.GetOutputLayer().Classes };
        _hardware.Check();
    }

    /// <summary>What suits the accelerator: gradient descent at a rate of 0.2, batches of 10, a cosine schedule, 10 epochs.</summary>
    public static FineTuneOptions Defaults { get; } = new() { Optimizer = new Sgd { LearningRate = LearningRate }, BatchSize = 10 };

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
        AcceleratorJob job = AcceleratorJob.Create(_model, train, options, Rate(options), TapGains, _hardware);
        Task<AdapterState> expected = Task.Run(() => job.RunModel(cancellationToken), cancellationToken);
        using SimulatedBus bus = new(SimulatedBus.Design(_hardware) with { Trace = trace is not null, Form = Netlist ? RtlForm.Words : RtlForm.Source }, cancellationToken);
        Stopwatch clock = Stopwatch.StartNew();
        AcceleratorDriver driver = new(bus);
        driver.Check(_hardware);
        long began = bus.Cycle;
        driver.LoadNetwork(job, cancellationToken);
        long started = 0;
        (AdapterState adapters, JobCounters counters) = driver.Run(job, cancellationToken, () =>
        {
            started = bus.Cycle;
            if (trace is not null)
                bus.TraceWindow = (bus.Cycle + trace.From, trace.Count, trace.Path);
        });
        return new AcceleratorResult
        {
            Adapter = AdapterTensors.ToAdapter(_model, options, adapters, job.Network),
            Cycles = counters,
            LoadCycles = started - began,
            ReadCycles = bus.Cycle - started - counters.Total,
            BitExact = adapters.SameAs(expected.GetAwaiter().GetResult()),
            SimulationSeconds = clock.Elapsed.TotalSeconds,
        };
    }

    private float Rate(FineTuneOptions options)
    {
        options.Check();
        if (options.Optimizer is not Sgd { Momentum: 0, WeightDecay: 0 } sgd)
            throw new SkiptuneException($"the accelerator has gradient descent alone, not {options.Optimizer.Name} or weight decay; use --optimizer sgd");
        if (options.Rank != _hardware.Rank)
            throw new SkiptuneException($"the accelerator was built for rank {_hardware.Rank}, not {options.Rank}");
        if (options.Checkpoint is not null || options.CachePath is not null)
            throw new SkiptuneException("the accelerator keeps its cache on the chip and has no checkpoints; leave those options out");
        return sgd.LearningRate ?? LearningRate;
    }
}
