using Microsoft.Data.Sqlite;
using Skiptune.FineTuning;
using Skiptune.Streaming.Store;

namespace Skiptune.Streaming.Loop;

/// <summary>
/// A classifier that watches its own stream: answers, scores anomalies, notices drift, fine-tunes on labelled samples beside
/// the stream, validates, swaps or rejects, and rolls back. All of it lasts: after a crash at any moment the learner that is
/// opened on the same store goes on where the last commit left it.
/// </summary>
/// <remarks>
/// <see cref="Process(IReadOnlyList{StreamSample})"/> and what else changes something run one at a time, on whatever thread
/// calls; <see cref="Answer"/> and <see cref="Status"/> never wait for them, nor for a fine-tuning.
/// </remarks>
public sealed partial class OnDeviceLearner : IDisposable
{
    private const string MetaFingerprint = "base_sha256";
    private const string MetaLength = "sample_values";
    private const string MetaClasses = "classes";

    private readonly Lock _gate = new();
    private readonly Model _model;
    private readonly LearnerOptions _options;
    private readonly TimeProvider _clock;
    private readonly LearnerStore _store;
    private readonly SampleGuard _guard;
    private readonly Probation _probation;
    private readonly Tuning _tuning;
    private readonly int _classes;
    private readonly Dictionary<string, SourcePosition> _positions = new(StringComparer.Ordinal);
    private readonly int[] _collected; // labelled samples since the drift, by class
    private LearnerState _state;
    private ModelVersion _active;
    private ModelVersion? _previous;
    private long _snapshotAt;
    private BackgroundThread<object>? _background;
    private BackgroundThread<object>? _warmUp;
    private LearnerStatus _status;
    private bool _broken;

    private OnDeviceLearner(Model model, LearnerStore store, LearnerOptions options, TimeProvider clock)
    {
        _model = model;
        _options = options;
        _clock = clock;
        _store = store;
        _active = new ModelVersion(0, model);
        int length = model.Graph.Inputs[0].SampleShape.Count;
        _classes = model.GetOutputLayer().Classes;
        _collected = new int[_classes];
        _guard = new SampleGuard(length, _classes, options.Guard);
        _probation = new Probation(options.Probation);
        _tuning = new Tuning(model, store.Path, options);
        _state = new LearnerState();
        _status = MakeStatus();
    }

    /// <summary>Told of every line of the audit trail once it is on the disk, on the thread that caused it.</summary>
    public Action<LearnerEvent>? Happened { get; set; }

    /// <summary>Told on a background thread that <see cref="Advance"/> has something to do; must return at once.</summary>
    public Action? BackgroundEnded { get; set; }

    /// <summary>Where the loop stands.</summary>
    public LearnerStatus Status => Volatile.Read(ref _status);

    /// <summary>Opens a learner on its store, or makes both.</summary>
    /// <param name="model">The base model: one input, one vector of class scores. It is never changed.</param>
    /// <param name="store">The store's file; <c>-wal</c>, <c>-shm</c> and <c>.lock</c> are put beside it.</param>
    /// <param name="options">How the loop decides; null for the defaults.</param>
    /// <param name="happened">A first listener, who hears of the start too.</param>
    /// <param name="clock">Where the times of the audit trail come from; null for the system's clock.</param>
    /// <exception cref="SkiptuneException">
    /// An option is out of range or does not fit the model, or the store is in use, damaged, or of another model.
    /// </exception>
    public static OnDeviceLearner Open(
        Model model, string store, LearnerOptions? options = null, Action<LearnerEvent>? happened = null, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrEmpty(store);
        options ??= new LearnerOptions();
        options.Check();
        CheckModel(model, options);
        LearnerStore opened = LearnerStore.Open(store);
        OnDeviceLearner? learner = null;
        try
        {
            return StoreConnection.Guard(store, () =>
            {
                learner = new OnDeviceLearner(model, opened, options, clock ?? TimeProvider.System);
                learner.Happened = happened;
                if (opened.IsNew)
                    learner.Create();
                else
                    learner.Resume();
                if (options.InBackground)
                    learner._warmUp = new BackgroundThread<object>(learner._tuning.WarmUp, () => { });
                return learner;
            });
        }
        catch
        {
            learner?._background?.Dispose();
            opened.Dispose();
            throw;
        }
    }

    /// <summary>Takes samples in order. When it returns they are on the disk and may be acknowledged.</summary>
    /// <param name="samples">The samples; one transaction for all of them is faster than one for each.</param>
    /// <returns>What became of each.</returns>
    /// <exception cref="SkiptuneException">The store failed. The learner is of no more use; open it again.</exception>
    /// <exception cref="ObjectDisposedException">The learner is closed, or was broken by an error before.</exception>
    public IReadOnlyList<SampleResult> Process(IReadOnlyList<StreamSample> samples)
    {
        ArgumentNullException.ThrowIfNull(samples);
        return Change(() =>
        {
            TakeRequest();
            SampleResult[] results = new SampleResult[samples.Count];
            for (int i = 0; i < results.Length; i++)
            {
                Settle();
                _store.Begin();
                results[i] = Take(samples[i]);
            }
            Commit();
            Settle();
            return results;
        });
    }

    /// <summary>Takes one sample; see <see cref="Process(IReadOnlyList{StreamSample})"/>.</summary>
    public SampleResult Process(StreamSample sample) => Process([sample])[0];

    /// <summary>The active version's answer, stored nowhere. Any thread, at any time.</summary>
    /// <param name="x">As many values as the model takes.</param>
    /// <exception cref="ArgumentException">The sample has another length.</exception>
    /// <exception cref="SkiptuneException">The model's answer is not finite.</exception>
    public Answer Answer(ReadOnlySpan<float> x) => Volatile.Read(ref _active).Answer(x);

    /// <summary>
    /// Takes over what the background has finished and what <see cref="LearnerRequest"/> asks for, if anything: a stream that
    /// pauses should call it.
    /// </summary>
    /// <exception cref="SkiptuneException">The store failed.</exception>
    public void Advance() => Change(() =>
    {
        TakeRequest();
        Settle();
        return 0;
    });

    /// <summary>Waits until neither a fine-tuning nor a validation runs.</summary>
    /// <param name="cancellationToken">Ends the wait with an exception.</param>
    public void WaitForBackground(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            BackgroundThread<object>? running;
            lock (_gate)
                running = _background;
            if (running is null)
                return;
            running.Wait(cancellationToken);
            Advance();
        }
    }

    /// <summary>Waits until the code of a fine-tuning is compiled, which begins when the learner is opened. Nobody has to.</summary>
    /// <param name="cancellationToken">Ends the wait with an exception.</param>
    public void WaitForWarmUp(CancellationToken cancellationToken = default) => _warmUp?.Wait(cancellationToken);

    /// <summary>Makes an earlier version active again.</summary>
    /// <param name="version">A validated version; null for the one before the active one.</param>
    /// <param name="reason">For the audit trail.</param>
    /// <exception cref="SkiptuneException">There is no such version, or it was never validated.</exception>
    public void Rollback(long? version, string reason)
    {
        ArgumentException.ThrowIfNullOrEmpty(reason);
        Refuse(version);
        Change(() =>
        {
            RollBackTo(Refuse(version), reason);
            return 0;
        });
    }

    /// <summary>Begins to collect labelled samples without waiting for a drift, as after one: a device that was moved needs no detector to know it.</summary>
    /// <param name="reason">For the audit trail.</param>
    /// <exception cref="SkiptuneException">Samples are being collected, or a fine-tuning or a validation runs.</exception>
    public void Adapt(string reason)
    {
        ArgumentException.ThrowIfNullOrEmpty(reason);
        if (Status.Phase is not (LearnerPhase.Monitoring or LearnerPhase.CoolDown))
            throw new SkiptuneException($"the learner is adapting already ({Status.Phase})");
        Change(() =>
        {
            _state.Attempt = 0;
            Collect(LearnerEventKind.Drift, _state.Sequence + 1, reason);
            return 0;
        });
    }

    /// <summary>Where a source is to be read on; null if nothing of it was taken.</summary>
    public SourcePosition? PositionOf(string source)
    {
        lock (_gate)
            return Position(source);
    }

    /// <summary>Forgets how far a source was read: it came back with other content.</summary>
    /// <param name="source">The source.</param>
    /// <param name="reason">For the audit trail.</param>
    public void RestartSource(string source, string reason) => Change(() =>
    {
        _store.Begin();
        _positions[source] = new SourcePosition(0);
        _store.SetPosition(source, _positions[source]);
        Note(LearnerEventKind.SourceReplaced, null, reason);
        return 0;
    });

    /// <summary>Cancels what runs in the background and closes the store. What runs is begun again when it is opened.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _broken = true;
            _background?.Dispose();
            _background = null;
            _warmUp?.Dispose();
            _warmUp = null;
            _store.Dispose();
        }
    }

    private static void CheckModel(Model model, LearnerOptions options)
    {
        OutputLayer layer = model.GetOutputLayer();
        if (!layer.IsVector || layer.Classes < 2)
            throw new SkiptuneException($"the model's output '{layer.Output}' is {layer.Shape} a sample; a stream needs one vector of at least two class scores");
        foreach (Data.DataSet? data in new[] { options.Retention, options.Rehearsal })
        {
            if (data is not null && (data.SampleShape != model.Graph.Inputs[0].SampleShape || data.ClassCount < 1 || data.ClassCount > layer.Classes))
                throw new SkiptuneException($"the retention or rehearsal set has samples of {data.SampleShape} in {data.ClassCount} classes, the model takes {model.Graph.Inputs[0].SampleShape} and tells {layer.Classes} apart");
        }
    }

    // Whatever fails in here leaves memory and disk apart: only opening the store again brings them together.
    private T Change<T>(Func<T> change)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_broken, this);
            bool done = false;
            try
            {
                T result = StoreConnection.Guard(_store.Path, change);
                done = true;
                return result;
            }
            finally
            {
                _broken |= !done;
            }
        }
    }

    private LearnerStatus MakeStatus() => new(
        _state.Phase,
        _active.Number,
        _state.Sequence,
        _state.Accepted,
        _state.Labelled,
        _state.Duplicates,
        _state.Quarantined,
        _state.Round,
        _collected.Sum());

    // A version that may be rolled back to.
    private long Refuse(long? version)
    {
        lock (_gate)
            return _store.CheckRollback(version);
    }
}
