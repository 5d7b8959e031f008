using System.Collections.Immutable;
using System.Diagnostics;
using Skiptune.Data;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.FineTuning;

/// <summary>Fine-tunes one model with one set of options. Made by <see cref="Model.CreateFineTuner"/>.</summary>
/// <remarks>Used by one caller at a time. The base model's weights are shared and never written.</remarks>
public sealed class FineTuner : IDisposable
{
    /// <summary>The most steps of a run, each of which leaves a loss of 4 bytes in the result.</summary>
    private const int MostSteps = 1 << 28;

    /// <summary>Room for that many losses is made before the first step rather than during the run.</summary>
    private const int LossesKeptReady = 1 << 20;

    private static readonly Dictionary<string, Tensor> None = [];

    private readonly Graph _base;
    private readonly string _fingerprint;
    private readonly FineTuneOptions _options;
    private readonly string? _output;
    private readonly AdaptedGraph _adapted;
    private readonly FrozenSplit _split;
    private readonly CacheLayout? _layout;
    private readonly KernelSet _kernels;
    private readonly Workers _workers;
    private Trainer? _trainer;

    internal FineTuner(Graph graph, string fingerprint, FineTuneOptions options)
    {
        options.Check();
        if (graph.Inputs.Length != 1)
            throw new SkiptuneException($"the model '{graph.Name}' has {graph.Inputs.Length} inputs; only models with one can be fine-tuned");
        _base = graph;
        _fingerprint = fingerprint;
        _options = options;
        // A node's name may stand for another value once nodes are added.
        _output = options.Output is null ? null : OutputName.Resolve(graph, options.Output);
        _adapted = options.Method.Adapt(graph, options.AdapterOptions);
        if (options.Start is { } start)
        {
            start.CheckFits(_adapted);
            _adapted = _adapted with { Graph = _adapted.WithValues(start.Tensors) };
        }
        _split = new FrozenSplit(_adapted.Graph.EndingAt(_adapted.Layer.Output), new HashSet<string>(_adapted.Changing, StringComparer.Ordinal), _adapted.BaseOutput);
        bool cached = options.EffectiveCache != CacheFormat.None && _split.Trunk is not null;
        _layout = cached ? new CacheLayout(_split.Frontier, options.EffectiveCache) : null;
        CheckBatches();
        _kernels = options.Kernels ?? KernelSet.Current;
        // Last: nobody would give the threads back for options that fail.
        _workers = new Workers(options.Threads);
    }

    /// <summary>What a run will do and need.</summary>
    public FineTunePlan Plan => field ??= MakePlan();

    /// <summary>Told after each step, on the calling thread; default null.</summary>
    public IProgress<StepProgress>? Steps { get; set; }

    /// <summary>Fine-tunes.</summary>
    /// <param name="train">The samples to learn from.</param>
    /// <param name="validation">Samples to report accuracy on after each epoch, or null.</param>
    /// <param name="progress">Told after each epoch, on the calling thread.</param>
    /// <param name="cancellationToken">Ends the run early; the result is then that of the last whole epoch.</param>
    /// <returns>The adapter and how the run went.</returns>
    /// <exception cref="SkiptuneException">
    /// The data do not fit the model, the loss stopped being a number, or the cache or a checkpoint cannot be kept.
    /// </exception>
    public FineTuneResult Fit(
        DataSet train, DataSet? validation = null, IProgress<FineTuneProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        InputCheck.Run(_adapted.Graph, _adapted.Layer, train);
        if (validation is not null)
            InputCheck.Run(_adapted.Graph, _adapted.Layer, validation);
        Stopwatch clock = Stopwatch.StartNew();
        ImmutableArray<int> batches = BatchPlan.Cut(train.Count, _options.BatchSize, _options.Tail);
        using ProgramContext context = new(_kernels, _workers);
        nint[]? located = _split.ReadsSample ? new nint[train.Count] : null;
        if (located is not null && !train.TryLocate(located))
            located = null;
        Trainer trainer = new(_options, _adapted, _split.Tail, train, RowFormats(located is not null), context);
        foreach (int size in batches.Distinct())
            trainer.Tail(size);
        _trainer = trainer;
        if ((long)batches.Length * _options.Epochs > MostSteps)
            throw new SkiptuneException($"{_options.Epochs} epochs of {batches.Length} steps are more than {MostSteps} steps; use fewer epochs or larger batches");
        int steps = batches.Length * _options.Epochs;
        RunPosition position = new();
        Dictionary<string, Tensor> kept = trainer.Values.ToDictionary(pair => pair.Key, pair => pair.Value.Clone(), StringComparer.Ordinal);
        int resumed = 0;
        double fillSeconds = 0;
        double stepSeconds = 0;
        Evaluation? evaluation = null;
        FeatureFeed? feed = null;
        CheckpointFolder? checkpoint = null;
        try
        {
            checkpoint = OpenCheckpoint(train, cancellationToken);
            if (_options.Checkpoint is { Resume: true } && checkpoint?.Restore(trainer.State, _options.Epochs, batches.Length) is { } saved)
            {
                position = saved;
                resumed = saved.Epoch;
                Keep(trainer, kept);
            }
            else if (_options is { Classes: not null, HeadStart: HeadStart.Ridge, Start: null })
            {
                HeadFit.Run(_adapted.Base, train, trainer.Values, new ProgramContext(_kernels, _workers), cancellationToken);
            }
            if (position.Epoch < _options.Epochs)
            {
                double start = clock.Elapsed.TotalSeconds;
                feed = MakeFeed(train, located, batches);
                feed.Prepare(cancellationToken);
                fillSeconds = clock.Elapsed.TotalSeconds - start;
            }
            else if (validation is not null)
            {
                evaluation = Validate(kept, validation, cancellationToken);
            }
            position.Losses.EnsureCapacity(Math.Min(steps, LossesKeptReady));
            while (position.Epoch < _options.Epochs)
            {
                double begun = clock.Elapsed.TotalSeconds;
                position.FinalLoss = RunEpoch(position.Epoch, train, batches, trainer, feed!, position.Losses, steps, cancellationToken);
                stepSeconds += clock.Elapsed.TotalSeconds - begun;
                trainer.CheckFinite(position.Epoch + 1);
                Keep(trainer, kept);
                position.Epoch++;
                evaluation = null;
                if (checkpoint is not null && IsSaved(position.Epoch))
                    checkpoint.Save(position, trainer.State);
                clock.Stop();
                evaluation = validation is null ? null : Validate(kept, validation, cancellationToken);
                progress?.Report(new FineTuneProgress(position.Epoch, _options.Epochs, position.FinalLoss, clock.Elapsed.TotalSeconds, evaluation));
                clock.Start();
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // What was kept at the end of the last whole epoch is the result.
        }
        finally
        {
            feed?.Dispose();
            checkpoint?.Dispose();
            _trainer = null;
        }
        return new FineTuneResult
        {
            Adapter = AdapterOf(kept),
            Epochs = position.Epoch,
            ResumedEpochs = resumed,
            Cancelled = position.Epoch < _options.Epochs,
            Seconds = clock.Elapsed.TotalSeconds,
            FillSeconds = fillSeconds,
            StepSeconds = stepSeconds,
            CacheBytes = feed?.CacheBytes ?? 0,
            TrainableParameters = _adapted.TrainedCount,
            Losses = position.Losses,
            FinalLoss = position.FinalLoss,
            Validation = evaluation,
        };
    }

    /// <summary>The adapter as the last step left it, in the middle of an epoch. To be called from <see cref="Steps"/>.</summary>
    /// <exception cref="InvalidOperationException">No run is going on.</exception>
    /// <exception cref="SkiptuneException">A step has made a value NaN or infinite.</exception>
    public Adapter Snapshot()
    {
        Trainer trainer = _trainer ?? throw new InvalidOperationException("no run is going on");
        trainer.CheckFinite(1);
        return AdapterOf(trainer.Values.ToDictionary(pair => pair.Key, pair => pair.Value.Clone(), StringComparer.Ordinal));
    }

    /// <summary>Gives the threads back.</summary>
    public void Dispose() => _workers.Dispose();

    private CheckpointFolder? OpenCheckpoint(DataSet train, CancellationToken cancellationToken) => _options.Checkpoint is { } wanted
        ? new CheckpointFolder(wanted.Directory, RunSettings.Of(_options, _fingerprint, train, cancellationToken))
        : null;

    private bool IsSaved(int epoch) => epoch == _options.Epochs || epoch % _options.Checkpoint!.EveryEpochs == 0;

    private static void Keep(Trainer trainer, Dictionary<string, Tensor> kept)
    {
        foreach ((string name, Tensor tensor) in kept)
            trainer.Values[name].Span.CopyTo(tensor.Span);
    }

    private double RunEpoch(
        int epoch,
        DataSet train,
        ImmutableArray<int> batches,
        Trainer trainer,
        FeatureFeed feed,
        List<float> losses,
        int steps,
        CancellationToken cancellationToken)
    {
        int[] order = _options.Order?.Invoke(epoch) ?? Shuffled(train.Count, epoch);
        double total = 0;
        int first = 0;
        foreach (int size in batches)
        {
            cancellationToken.ThrowIfCancellationRequested();
            GraphProgram tail = trainer.Tail(size);
            feed.Load(order, first, tail);
            float loss = trainer.Step(tail, order.AsSpan(first, size), losses.Count, steps);
            losses.Add(loss);
            if (Steps is not null)
            {
                float rate = _options.EffectiveLearningRate * _options.Schedule.Factor(losses.Count - 1, steps);
                Steps.Report(new StepProgress(losses.Count, steps, size, loss, rate, trainer.Targets(order.AsSpan(first, size))));
            }
            total += (double)loss * size;
            first += size;
        }
        return total / first;
    }

    private int[] Shuffled(int count, int epoch)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        new SeededRandom(_options.Seed, RandomStreams.Order + epoch).Shuffle(order.AsSpan());
        return order;
    }

    // The inputs of the tail whose samples can be read where they lie: in the cache, and in the data set if it has them.
    private IEnumerable<KeyValuePair<string, RowFormat>> RowFormats(bool located)
    {
        if (located)
            yield return new(_split.SampleName, RowFormat.Float32);
        foreach (CacheSegment segment in _layout?.Segments ?? [])
            yield return new(segment.Name, segment.Format);
    }

    private FeatureFeed MakeFeed(DataSet train, nint[]? located, ImmutableArray<int> batches)
    {
        // The trunk has memory of its own: its results are copied into the tail's.
        ProgramContext context = new(_kernels, _workers);
        if (_split.Trunk is null)
            return new RecomputingFeed(_split, train, located, new ProgramCache(_split.Tail, None, None, context));
        if (_layout is not null)
            return new CachedFeed(_split, train, located, _layout, ForwardTeam.Compile(_split.Trunk, TrunkSamples(batches[0], train.Count), context), batches[0], context, _options);
        ProgramCache trunks = new(_split.Trunk, None, None, context);
        trunks.For(batches[0]);
        return new RecomputingFeed(_split, train, located, trunks);
    }

    private Evaluation Validate(Dictionary<string, Tensor> values, DataSet validation, CancellationToken cancellationToken)
    {
        Graph tuned = AdapterOf(values).ApplyTo(_base, _fingerprint);
        return Evaluator.Evaluate(tuned, _adapted.Layer, validation, new ProgramContext(_kernels, _workers), cancellationToken);
    }

    private Adapter AdapterOf(Dictionary<string, Tensor> values) =>
        new(_options.Method, _options.Rank, _options.EffectiveAlpha, _fingerprint, values.ToImmutableSortedDictionary(StringComparer.Ordinal))
        {
            Taps = _adapted.Taps,
            Classes = _options.Classes,
            Output = _output,
        };

    private int Threads => _options.Threads == 0 ? Environment.ProcessorCount : _options.Threads;

    private bool FillsUpfront => _options.Fill == CacheFill.Upfront && _layout is not null;

    // The samples that may miss their row at once.
    private int TrunkSamples(int batch, int samples) => FillsUpfront ? samples : batch;

    // Samples must not see each other: a cache is filled one by one where they would, all else needs whole batches.
    private void CheckBatches()
    {
        Node? mixing = BatchMixing.FirstNode(_split.Tail) ?? (FillsUpfront || _split.Trunk is null ? null : BatchMixing.FirstNode(_split.Trunk));
        if (mixing is not null)
            throw new SkiptuneException($"the node {ErrorText.Quote(mixing.Name)} ({mixing.Op.Type}) makes one value of all samples of a batch, so only what lies behind it can be fine-tuned, and with a cache filled before the first epoch; use skip2-lora or ft-last with a cache and --taps behind it");
    }

    private FineTunePlan MakePlan()
    {
        int batch = _options.BatchSize;
        long changing = _adapted.Changing.Sum(name => (long)_adapted.Graph.Constants[name].Shape.Count);
        // The samples count as copied: where they lie is not known yet.
        InPlace inPlace = InPlace.Of(
            _split.Tail,
            RowFormats(located: false),
            _adapted.Trained.ToDictionary(name => name, name => new ParameterUpdate(_adapted.Graph.Constants[name], []), StringComparer.Ordinal));
        long gradients = _adapted.TrainedCount - inPlace.Updates.Values.Sum(update => (long)update.Value.Shape.Count);
        // Values, what is kept of the last epoch, gradients, optimizer state.
        long parameterBytes = sizeof(float) * (2 * changing + gradients + _adapted.TrainedCount * _options.Optimizer.States);
        long bytes = parameterBytes + GraphProgram.MeasureBytes(_split.Tail, batch, _adapted.Trained, inPlace);
        if (_split.Trunk is not null)
        {
            bytes += _layout is null
                ? GraphProgram.MeasureBytes(_split.Trunk, batch, [])
                : ForwardTeam.MeasureBytes(_split.Trunk, TrunkSamples(batch, int.MaxValue), Threads);
        }
        return new FineTunePlan
        {
            Method = _options.Method.Name,
            Cache = _layout is null ? CacheFormat.None.Name : _options.EffectiveCache.Name,
            Taps = [.. _split.Frontier.Select(Describe)],
            TrainableParameters = _adapted.TrainedCount,
            CacheBytesPerSample = _layout?.RowBytes ?? 0,
            CachePath = _layout is null ? null : _options.CachePath,
            WorkingBytes = bytes,
            Kernels = _kernels.Name,
            Threads = Threads,
        };
    }

    private PlannedTap Describe(FrontierValue value)
    {
        CacheSegment? segment = _layout?.Segments.First(segment => segment.Name == value.Name);
        return new PlannedTap(value.Name, value.SampleShape, segment?.Format.ToString() ?? "computed again", segment?.Bytes ?? 0);
    }
}
