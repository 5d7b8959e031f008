using Skiptune.Streaming.Store;

namespace Skiptune.Streaming.Loop;

/// <content>From phase to phase, and what is committed with it.</content>
public sealed partial class OnDeviceLearner
{
    private void Create()
    {
        _store.Begin();
        _store.SetMeta(MetaFingerprint, _model.Fingerprint);
        _store.SetMeta(MetaLength, _model.Graph.Inputs[0].SampleShape.Count.ToString());
        _store.SetMeta(MetaClasses, _classes.ToString());
        _store.AddVersion(new StoredVersion(0, null, StoredVersion.Validated, 0, _clock.GetUtcNow(), 0, 0, null));
        Note(LearnerEventKind.Created, 0, "the base model answers");
    }

    private void Resume()
    {
        if (_store.Meta(MetaFingerprint) != _model.Fingerprint)
            throw new SkiptuneException($"{_store.Path}: belongs to another base model (fingerprint {_store.Meta(MetaFingerprint)?[..12]}, this one has {_model.Fingerprint[..12]}); watch with that one, or name another store");
        (_state, byte[] probation, byte[] guard) = _store.LoadLearner();
        StreamStates.TryRead(_probation, probation);
        List<string> fresh = StreamStates.TryRead(_guard, guard) ? [] : ["guard"];
        _active = Load(_state.Active);
        _previous = _state.Previous is { } previous ? Load(previous) : null;
        RecountCollected();
        (_snapshotAt, byte[] snapshot) = _store.LoadSnapshot();
        fresh.AddRange(StreamStates.Read(_options, snapshot));
        int repeated = Repeat(_snapshotAt);
        if (fresh.Count > 0)
            Note(LearnerEventKind.Reset, null, $"begins anew, because its options have changed or it is new: {string.Join(", ", fresh)}");
        Note(LearnerEventKind.Started, _state.Active, $"{_state.Phase}, version {_state.Active} answers, {repeated} samples repeated since the last snapshot");
        StartBackground();
        TakeRequest();
    }

    // What another process asked for, done and crossed out in one transaction.
    private void TakeRequest()
    {
        if (_store.Meta(LearnerRequest.Key) is not { } request)
            return;
        _store.Begin();
        _store.RemoveMeta(LearnerRequest.Key);
        if (long.TryParse(request, out long version) && version != _active.Number && _store.Version(version) is { State: StoredVersion.Validated })
            RollBackTo(version, "asked for by another process");
        Commit();
    }

    // A sample was seen when it came and, with a late label, once more: in the order of these moments.
    private int Repeat(long snapshot)
    {
        List<StoredSample> samples = _store.Since(snapshot);
        IEnumerable<(long At, StoredSample Sample, bool IsLate)> moments = samples.Where(sample => sample.Sequence > snapshot)
            .Select(sample => (sample.Sequence, sample with { Label = sample.LabelledAt == sample.Sequence ? sample.Label : null }, false))
            .Concat(samples.Where(sample => sample.LabelledAt > snapshot && sample.LabelledAt != sample.Sequence).Select(sample => (sample.LabelledAt!.Value, sample, true)));
        foreach ((_, StoredSample sample, bool isLate) in moments.OrderBy(moment => moment.At))
            Observe(sample, isLate);
        return samples.Count;
    }

    // What a sample leads to besides what is stored of it.
    private void Decide(string? drift)
    {
        switch (_state.Phase)
        {
            case LearnerPhase.Monitoring when drift is not null:
                _state.Attempt = 0;
                Collect(LearnerEventKind.Drift, Math.Max(1, _state.Sequence - _options.Collection.LookBack), drift);
                break;
            case LearnerPhase.Collecting when IsCollected():
                _state.Round++;
                _state.Attempt++;
                _state.TuneTo = _state.Sequence;
                MoveTo(LearnerPhase.FineTuning, LearnerEventKind.Collected, null, $"{_collected.Sum()} labelled samples of {_collected.Count(count => count > 0)} classes");
                break;
            case LearnerPhase.Collecting when _state.PhaseSamples >= _options.Collection.Patience:
                _state.Attempt = _options.MostAttempts;
                MoveTo(LearnerPhase.CoolDown, LearnerEventKind.GaveUp, null, $"only {_collected.Sum()} labelled samples among {_state.PhaseSamples}");
                break;
            case LearnerPhase.CoolDown when _state.PhaseSamples >= _options.CoolDown:
                if (_state.Attempt > 0 && _state.Attempt < _options.MostAttempts)
                    Collect(LearnerEventKind.CooledDown, _state.Sequence + 1, $"attempt {_state.Attempt + 1} of {_options.MostAttempts}");
                else
                    Watch();
                break;
        }
    }

    private bool IsCollected() => _collected.Sum() >= _options.Collection.MinimumSamples
        && _collected.Count(count => count >= _options.Collection.MinimumPerClass) >= 2;

    private void Collect(LearnerEventKind kind, long from, string reason)
    {
        _state.CollectFrom = from;
        MoveTo(LearnerPhase.Collecting, kind, null, reason);
    }

    private void Watch()
    {
        _state.Attempt = 0;
        foreach (DriftMonitor monitor in _options.Monitors)
            monitor.Detector.Reset();
        MoveTo(LearnerPhase.Monitoring, LearnerEventKind.CooledDown, null, "the stream as it is now counts as normal");
    }

    // Background work that has ended becomes a transition; without a background it is done here and now.
    private void Settle()
    {
        while (_background is { } ended && (ended.IsDone || !_options.InBackground))
        {
            ended.Wait(CancellationToken.None);
            (object? result, Exception? failure) = ended.Outcome;
            ended.Dispose();
            _background = null;
            Commit();
            switch (result)
            {
                case Tuned tuned:
                    Adopt(tuned);
                    break;
                case Validated validated:
                    Adopt(validated);
                    break;
                default:
                    Discard(LearnerEventKind.Failed, failure is SkiptuneException ? failure.Message : $"{failure?.GetType().Name}: {failure?.Message}");
                    break;
            }
        }
    }

    private void Adopt(Tuned tuned)
    {
        _store.Begin();
        _state.Candidate = _store.AddVersion(
            new StoredVersion(0, _state.Active, StoredVersion.Candidate, _state.Sequence, _clock.GetUtcNow(), tuned.Samples, tuned.Seconds, null)
            {
                Config = tuned.Content.Config,
                Tensors = tuned.Content.Tensors,
            });
        MoveTo(LearnerPhase.Validating, LearnerEventKind.Tuned, _state.Candidate, $"on {tuned.Samples} samples in {1000 * tuned.Seconds:0.0} ms");
    }

    private void Adopt(Validated validated)
    {
        ValidationReport report = validated.Report;
        if (report.Missed(_options.Gates) is { } missed)
        {
            Discard(LearnerEventKind.Rejected, $"{missed}; {report}");
            return;
        }
        _store.Begin();
        _store.AcceptVersion(validated.Version.Number, report.ToString());
        _state.Candidate = null;
        _state.Attempt = 0;
        Activate(validated.Version, previous: _active);
        MoveTo(LearnerPhase.CoolDown, LearnerEventKind.Swapped, _state.Active, report.ToString());
    }

    private void Discard(LearnerEventKind kind, string reason)
    {
        _store.Begin();
        long? candidate = _state.Candidate;
        if (candidate is { } number)
            _store.RejectVersion(number, reason);
        _state.Candidate = null;
        MoveTo(LearnerPhase.CoolDown, kind, candidate, reason);
    }

    private void RollBackTo(long version, string reason)
    {
        _background?.Dispose();
        _background = null;
        _store.Begin();
        if (_state.Candidate is { } candidate)
            _store.RejectVersion(candidate, "the active version was rolled back meanwhile");
        _state.Candidate = null;
        _state.Attempt = Math.Max(1, _state.Attempt);
        long left = _active.Number;
        Activate(_previous?.Number == version ? _previous : Load(version), previous: null);
        MoveTo(LearnerPhase.CoolDown, LearnerEventKind.RolledBack, version, $"from version {left}: {reason}");
    }

    private void Confirm(string reason)
    {
        long confirmed = _active.Number;
        _previous = null;
        _state.Previous = null;
        Note(LearnerEventKind.Confirmed, confirmed, reason);
    }

    // The answers change with the commit that follows, not before.
    private void Activate(ModelVersion version, ModelVersion? previous)
    {
        _state.Active = version.Number;
        _state.Previous = previous?.Number;
        _previous = previous;
        _next = version;
        _probation.Restart();
    }

    private ModelVersion? _next;

    private void MoveTo(LearnerPhase to, LearnerEventKind kind, long? version, string reason)
    {
        LearnerPhase from = _state.Phase;
        _state.Phase = to;
        _state.PhaseSamples = 0;
        Array.Clear(_collected);
        if (to == LearnerPhase.Collecting)
            RecountCollected();
        Note(kind, version, reason, from);
        StartBackground();
    }

    /// <summary>Commits what is open together with a line of the audit trail and a snapshot of everything.</summary>
    private void Note(LearnerEventKind kind, long? version, string reason, LearnerPhase? from = null)
    {
        _store.Begin();
        LearnerEvent line = _store.AddEvent(_clock.GetUtcNow(), _state.Sequence, kind, from ?? _state.Phase, _state.Phase, version, reason.ReplaceLineEndings(" "));
        Snapshot();
        Commit();
        Happened?.Invoke(line);
    }

    private void Commit()
    {
        if (_state.Sequence - _snapshotAt >= _options.SnapshotEvery)
            Snapshot();
        if (_store.Begun)
            _store.SaveLearner(_state, StreamStates.BytesOf(_probation), StreamStates.BytesOf(_guard));
        _store.Commit();
        if (_next is { } next)
        {
            Volatile.Write(ref _active, next);
            _next = null;
        }
        Volatile.Write(ref _status, MakeStatus());
    }

    private void Snapshot()
    {
        _store.Begin();
        _store.SaveSnapshot(_state.Sequence, StreamStates.Write(_options));
        _snapshotAt = _state.Sequence;
        long kept = _state.Sequence - _options.KeptSamples + 1;
        bool needed = _state.Phase is LearnerPhase.Collecting or LearnerPhase.FineTuning or LearnerPhase.Validating;
        _store.Prune(needed ? Math.Min(kept, _state.CollectFrom) : kept, _state.Sequence - _options.KeptIds + 1, _state.Quarantined - _options.KeptQuarantined + 1);
    }

    private void StartBackground()
    {
        (long from, long to, long round) = (_state.CollectFrom, _state.TuneTo, _state.Round);
        Func<CancellationToken, object>? work = null;
        if (_state.Phase == LearnerPhase.FineTuning)
        {
            work = cancellation => _tuning.Tune(from, to, round, cancellation);
        }
        else if (_state.Phase == LearnerPhase.Validating)
        {
            StoredVersion candidate = _store.Version(_state.Candidate!.Value)!;
            ModelVersion active = _active;
            work = cancellation => _tuning.Validate(candidate, active, from, to, cancellation);
        }
        if (work is not null)
            _background = new BackgroundThread<object>(work, () => BackgroundEnded?.Invoke());
    }

    private void RecountCollected()
    {
        Array.Clear(_collected);
        if (_state.Phase != LearnerPhase.Collecting)
            return;
        foreach ((int label, int count) in _store.CountLabels(_state.CollectFrom))
            _collected[label] = count;
    }

    private ModelVersion Load(long version) => ModelVersion.Load(_model, _store.Version(version)!, _store.Path);
}
