using Skiptune.Streaming.Anomaly;
using Skiptune.Streaming.Drift;
using Skiptune.Streaming.Store;

namespace Skiptune.Streaming.Loop;

/// <content>What happens to one sample.</content>
public sealed partial class OnDeviceLearner
{
    private SampleResult Take(StreamSample sample)
    {
        if (sample.Position is { } position && Position(sample.Source) is { } known && position.Next <= known.Next)
            return Duplicate(null);
        KeepPosition(sample);
        if (sample is { Problem: null, Features.IsEmpty: true, Id: not null, Label: not null })
            return TakeLabel(sample, sample.Id, sample.Label.Value);
        if (sample is { Id: { } id, IsFirstDelivery: false } && _store.SequenceOf(sample.Source, id) is { } earlier)
            return Duplicate(earlier);
        if (_guard.Check(sample) is { } refusal)
            return Quarantine(sample, refusal.Reason, refusal.Detail);
        return Accept(sample);
    }

    private SampleResult Accept(StreamSample sample)
    {
        ReadOnlySpan<float> x = sample.Features.Span;
        if (TryAnswer(x) is not var (answer, score))
            return Quarantine(sample, QuarantineReason.NotFinite, "its values are so large that it has no finite answer or score");
        long sequence = ++_state.Sequence;
        _store.InsertSample(sequence, sample, answer, score);
        if (sample.Id is { } id)
            _store.InsertSeen(sample.Source, id, sequence, sequence);
        _state.Accepted++;
        _state.PhaseSamples++;
        bool anomaly = score is { } value && _options.Anomaly!.IsAnomaly(value);
        StoredSample stored = new(sequence, sample.Features.ToArray(), sample.Label, sample.Label is null ? null : sequence, answer, score);
        string? drift = Observe(stored, isLate: false);
        if (sample.Label is not null)
            CountLabel(stored);
        Decide(drift);
        return new SampleResult(SampleOutcome.Accepted, sequence) { Answer = answer, Score = score, IsAnomaly = anomaly };
    }

    private (Answer Answer, float? Score)? TryAnswer(ReadOnlySpan<float> x)
    {
        try
        {
            float? score = _options.Anomaly?.Score(x);
            return score is null || float.IsFinite(score.Value) ? (_active.Answer(x), score) : null;
        }
        catch (Exception exception) when (exception is SkiptuneException or ArgumentException)
        {
            return null;
        }
    }

    private SampleResult TakeLabel(StreamSample sample, string id, int label)
    {
        if ((uint)label >= (uint)_classes)
            return Quarantine(sample with { Id = null }, QuarantineReason.LabelOutOfRange, $"the late label is {label}, the model has the classes 0..{_classes - 1}");
        StoredSample? stored = _store.SequenceOf(sample.Source, id) is { } sequence and > 0 ? _store.Find(sequence) : null;
        if (stored is null)
            return Quarantine(sample with { Id = null }, QuarantineReason.UnknownSample, "a late label for a sample that is not known, or no longer");
        if (stored.Label == label)
            return Duplicate(stored.Sequence);
        if (stored.Label is not null)
            return Quarantine(sample with { Id = null }, QuarantineReason.ConflictingLabel, $"a late label {label} for sample {stored.Sequence}, which has the label {stored.Label}");
        StoredSample labelled = stored with { Label = label, LabelledAt = ++_state.Sequence };
        _store.SetLabel(stored.Sequence, label, _state.Sequence);
        string? drift = Observe(labelled, isLate: true);
        CountLabel(labelled);
        Decide(drift);
        return new SampleResult(SampleOutcome.Labelled, stored.Sequence) { Answer = stored.Answer, Score = stored.Score };
    }

    /// <summary>
    /// Shows a sample to detectors. Nothing else changes them, so what a snapshot does not have is had again by repeating
    /// this for the samples after it.
    /// </summary>
    /// <returns>The detectors that notice a drift, or null.</returns>
    private string? Observe(StoredSample sample, bool isLate)
    {
        string? drift = null;
        if (_state.Phase == LearnerPhase.Monitoring)
        {
            foreach (DriftMonitor monitor in _options.Monitors)
            {
                if (SignalOf(monitor.Signal, sample, isLate) is not { } value)
                    continue;
                if (monitor.Detector.Update(new DriftInput(value, sample.Features, sample.Answer.Class)) == DriftStatus.Drift)
                    drift = drift is null ? monitor.Name : $"{drift}, {monitor.Name}";
            }
        }
        // While the stream is taken for normal, what is not normal is not learned; behind a drift the new normal is.
        if (!isLate && _options.Anomaly is { } anomaly && (_state.Phase != LearnerPhase.Monitoring || sample.Score is not { } score || !anomaly.IsAnomaly(score)))
            anomaly.Learn(sample.Features);
        return drift;
    }

    private double? SignalOf(DriftSignal signal, StoredSample sample, bool isLate) => signal switch
    {
        DriftSignal.Error => sample.Label is { } label ? (label == sample.Answer.Class ? 0 : 1) : null,
        _ when isLate => null,
        DriftSignal.AnomalyScore => sample.Score,
        DriftSignal.Anomaly => sample.Score is { } score ? (_options.Anomaly!.IsAnomaly(score) ? 1 : 0) : null,
        _ => 1.0 - sample.Answer.Probability,
    };

    private void CountLabel(StoredSample sample)
    {
        _state.Labelled++;
        int label = sample.Label!.Value;
        if (_state.Phase == LearnerPhase.Collecting && sample.Sequence >= _state.CollectFrom)
            _collected[label]++;
        if (_previous is null || sample.Answer.Version != _active.Number)
            return;
        ProbationVerdict verdict = _probation.Add(sample.Answer.Class == label, _previous.Answer(sample.Features).Class == label);
        string shares = $"{100 * _probation.ActiveAccuracy:0.0} % of the last {_probation.Samples} labelled samples right, version {_previous.Number} {100 * _probation.PreviousAccuracy:0.0} %";
        if (verdict == ProbationVerdict.RollBack)
            RollBackTo(_previous.Number, shares);
        else if (verdict == ProbationVerdict.Confirmed)
            Confirm(shares);
    }

    private SampleResult Duplicate(long? sequence)
    {
        _state.Duplicates++;
        StoredSample? stored = sequence is > 0 ? _store.Find(sequence.Value) : null;
        return new SampleResult(SampleOutcome.Duplicate, sequence ?? 0) { Answer = stored?.Answer, Score = stored?.Score };
    }

    private SampleResult Quarantine(StreamSample sample, QuarantineReason reason, string detail)
    {
        string line = detail.ReplaceLineEndings(" ");
        _store.Quarantine(++_state.Quarantined, _clock.GetUtcNow(), _state.Sequence, sample, reason, line);
        if (sample.Id is { } id)
            _store.InsertSeen(sample.Source, id, _state.Sequence, 0);
        return new SampleResult(SampleOutcome.Quarantined, 0) { Reason = reason, Detail = line };
    }

    private SourcePosition? Position(string source)
    {
        if (!_positions.TryGetValue(source, out SourcePosition? position) && _store.PositionOf(source) is { } stored)
            _positions[source] = position = stored;
        return position;
    }

    private void KeepPosition(StreamSample sample)
    {
        if (sample.Position is not { } position)
            return;
        _positions[sample.Source] = position;
        _store.SetPosition(sample.Source, position);
    }
}
