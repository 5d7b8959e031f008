using System.Collections.Immutable;
using System.Diagnostics;
using Skiptune.Data;
using Skiptune.FineTuning;
using Skiptune.Hardware.Adapters;
using Skiptune.Hardware.Driver;
using Skiptune.Hardware.Jobs;
using Skiptune.Networks;

namespace Skiptune.Hardware;

/// <summary>A fine-tuning on an accelerator, wherever that is.</summary>
internal sealed class AcceleratorSession
{
    /// <summary>The rate of gradient descent where none is given.</summary>
    public const float LearningRate = 0.2f;

    // Chosen with the rate and the batch on images that are neither trained on nor tested; see docs/fpga.md.
    private static readonly ImmutableArray<int> TapGains = [0, 1, 1, 2, 2];

    private readonly Model _model;

    /// <summary>Checks that the hardware can compute the model.</summary>
    /// <exception cref="SkiptuneException">The model is another network, or an option is out of range.</exception>
    public AcceleratorSession(Model model, AcceleratorOptions hardware)
    {
        Base.NetworkQuantizer.Layers(model);
        hardware.Check();
        int classes = model.GetOutputLayer().Classes;
        if (classes != hardware.Classes)
            throw new SkiptuneException($"the accelerator was built for {hardware.Classes} classes, the model has {classes}");
        _model = model;
        Hardware = hardware;
    }

    /// <summary>What the accelerator was built with.</summary>
    public AcceleratorOptions Hardware { get; }

    /// <summary>Runs a job and, beside it, the integer model.</summary>
    /// <param name="bus">The accelerator.</param>
    /// <param name="train">The samples.</param>
    /// <param name="options">How.</param>
    /// <param name="loaded">Told when all is loaded and the job begins.</param>
    /// <param name="cancellationToken">Ends it with an exception.</param>
    public AcceleratorResult Fit(IAcceleratorBus bus, DataSet train, FineTuneOptions options, Action? loaded, CancellationToken cancellationToken)
    {
        AcceleratorJob job = AcceleratorJob.Create(_model, train, options, Rate(options), TapGains, Hardware);
        Task<AdapterState> expected = Task.Run(() => job.RunModel(cancellationToken), cancellationToken);
        Stopwatch clock = Stopwatch.StartNew();
        AcceleratorDriver driver = new(bus);
        driver.LoadNetwork(job, cancellationToken);
        (AdapterState adapters, JobCounters counters) = driver.Run(job, cancellationToken, loaded);
        double seconds = clock.Elapsed.TotalSeconds;
        return new AcceleratorResult
        {
            Adapter = AdapterTensors.ToAdapter(_model, options, adapters, job.Network),
            Cycles = counters,
            BitExact = adapters.SameAs(expected.GetAwaiter().GetResult()),
            Seconds = seconds,
        };
    }

    private float Rate(FineTuneOptions options)
    {
        options.Check();
        if (options.Optimizer is not Sgd { Momentum: 0, WeightDecay: 0 } sgd)
            throw new SkiptuneException($"the accelerator has gradient descent alone, not {options.Optimizer.Name} or weight decay; use --optimizer sgd");
        if (options.Rank != Hardware.Rank)
            throw new SkiptuneException($"the accelerator was built for rank {Hardware.Rank}, not {options.Rank}");
        if (options.Checkpoint is not null || options.CachePath is not null)
            throw new SkiptuneException("the accelerator keeps its cache on the chip and has no checkpoints; leave those options out");
        return sgd.LearningRate ?? LearningRate;
    }
}
