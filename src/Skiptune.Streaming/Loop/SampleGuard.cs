using System.Runtime.InteropServices;

namespace Skiptune.Streaming.Loop;

/// <summary>
/// Looks at samples before anything learns from them: their values, whether the sensor still moves, whether its clock runs
/// on. Fixed memory; its state is stored with every sample.
/// </summary>
/// <remarks>
/// A value that never changed proves nothing (the dark border of an image), and one that often repeats may repeat for long.
/// So the share of repeats is learned for each place and for the whole reading, and a run of equal values counts as stuck
/// when it is at least <see cref="GuardOptions.StuckAfter"/> long and less probable than 1e-9 at that share. One place is not
/// enough: the peak of a normalised spectrum is 1 for minutes.
/// </remarks>
internal sealed class SampleGuard : IStreamState
{
    private const double LogImprobable = -20.7; // ln 1e-9

    /// <summary>Changes of a place before it can be stuck.</summary>
    private const int LeastChanges = 10;

    private readonly int _length;
    private readonly int _classes;
    private readonly GuardOptions _options;
    private readonly float[] _last;
    private readonly int[] _run;     // equal values in a row before the last one, for each place
    private readonly int[] _changes; // of each place
    private long _seen;
    private int _wholeRun;
    private long _wholeChanges;
    private long? _clock; // milliseconds
    private long _otherClock;
    private int _agreeing;

    public SampleGuard(int length, int classes, GuardOptions options)
    {
        _length = length;
        _classes = classes;
        _options = options;
        _last = new float[length];
        _run = new int[length];
        _changes = new int[length];
    }

    /// <summary>Says why a sample is not used, or null if it is.</summary>
    public (QuarantineReason Reason, string Detail)? Check(StreamSample sample)
    {
        if (sample.Problem is { } problem)
            return (QuarantineReason.Unreadable, problem);
        if (sample.Label is { } label && (uint)label >= (uint)_classes)
            return (QuarantineReason.LabelOutOfRange, $"the label is {label}, the model has the classes 0..{_classes - 1}");
        ReadOnlySpan<float> x = sample.Features.Span;
        if (x.Length != _length)
            return (QuarantineReason.WrongDimension, $"{x.Length} values, the model takes {_length}");
        for (int i = 0; i < x.Length; i++)
        {
            if (!float.IsFinite(x[i]))
                return (QuarantineReason.NotFinite, $"value {i + 1} of {x.Length} is {x[i]}");
        }
        return CheckClock(sample.Time) ?? CheckMovement(x);
    }

    public void WriteState(BinaryWriter writer)
    {
        writer.Write(_length);
        writer.Write(_seen);
        writer.Write(_wholeRun);
        writer.Write(_wholeChanges);
        writer.Write(_clock ?? long.MinValue);
        writer.Write(_otherClock);
        writer.Write(_agreeing);
        writer.Write(MemoryMarshal.AsBytes(_last.AsSpan()));
        writer.Write(MemoryMarshal.AsBytes(_run.AsSpan()));
        writer.Write(MemoryMarshal.AsBytes(_changes.AsSpan()));
    }

    public void ReadState(BinaryReader reader)
    {
        if (reader.ReadInt32() != _length)
            throw new InvalidDataException("the guard's state is of another sample length");
        _seen = reader.ReadInt64();
        _wholeRun = reader.ReadInt32();
        _wholeChanges = reader.ReadInt64();
        long clock = reader.ReadInt64();
        _clock = clock == long.MinValue ? null : clock;
        _otherClock = reader.ReadInt64();
        _agreeing = reader.ReadInt32();
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(_last.AsSpan()));
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(_run.AsSpan()));
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(_changes.AsSpan()));
    }

    // A jump is not believed until some samples in a row agree on the new time: then the clock was set.
    private (QuarantineReason, string)? CheckClock(DateTimeOffset? time)
    {
        if (time is not { } now)
            return null;
        long milliseconds = now.ToUnixTimeMilliseconds();
        if (_clock is null || Follows(_clock.Value, milliseconds))
        {
            _clock = milliseconds;
            _agreeing = 0;
            return null;
        }
        _agreeing = _agreeing > 0 && Follows(_otherClock, milliseconds) ? _agreeing + 1 : 1;
        _otherClock = milliseconds;
        if (_agreeing >= _options.ClockAgreement)
        {
            _clock = milliseconds;
            _agreeing = 0;
            return null;
        }
        double seconds = (milliseconds - _clock.Value) / 1000.0;
        return seconds < 0
            ? (QuarantineReason.ClockBackward, $"its time is {-seconds:0.###} s before that of the sample before it")
            : (QuarantineReason.ClockForward, $"its time is {seconds:0.###} s after that of the sample before it");
    }

    private bool Follows(long before, long now) =>
        now - before >= -1000 * _options.ClockBackward && now - before <= 1000 * _options.ClockForward;

    private (QuarantineReason, string)? CheckMovement(ReadOnlySpan<float> x)
    {
        int stuck = 0;
        int first = -1;
        bool moved = _seen == 0;
        for (int i = 0; i < x.Length; i++)
        {
            if (x[i] != _last[i] || _seen == 0)
            {
                moved = true;
                _changes[i] += _seen == 0 ? 0 : 1;
                _run[i] = 0;
                _last[i] = x[i];
                continue;
            }
            _run[i]++;
            if (_changes[i] >= LeastChanges && IsStuck(_run[i], _changes[i]))
            {
                first = stuck == 0 ? i : first;
                stuck++;
            }
        }
        _wholeRun = moved ? 0 : _wholeRun + 1;
        _wholeChanges += moved ? 1 : 0;
        _seen++;
        if (IsStuck(_wholeRun, _wholeChanges))
            return (QuarantineReason.ConstantSensor, $"the same reading {_wholeRun + 1} times in a row");
        return stuck > 0 && stuck >= _options.StuckShare * x.Length
            ? (QuarantineReason.StuckSensor, $"{stuck} of {x.Length} values stuck, the first is value {first + 1}: {x[first]} {_run[first] + 1} times in a row")
            : null;
    }

    // The repeats before the run, by Laplace's rule of succession.
    private bool IsStuck(int run, long changes)
    {
        if (_options.StuckAfter == 0 || run + 1 < _options.StuckAfter)
            return false;
        long before = Math.Max(0, _seen - run);
        double share = (Math.Max(0, before - changes) + 1.0) / (before + 2.0);
        return run * Math.Log(share) < LogImprobable;
    }
}
