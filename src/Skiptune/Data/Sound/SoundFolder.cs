using System.Buffers;
using System.Collections.Immutable;
using Skiptune.Numerics;

namespace Skiptune.Data;

/// <summary>
/// Sounds in WAV files, read as they are needed, so that a folder may be larger than memory. What is held is a path and a
/// target for each. Channels become one, their mean; values are -1 .. 1; a sound longer than a sample is cut, and a shorter
/// one has silence around it.
/// </summary>
public sealed class SoundFolder : DataSet
{
    // Each takes a filter of up to 16 MiB.
    private const int MostRates = 8;

    private readonly string[] _files;
    private readonly int? _rate;
    private readonly SoundPlace _place;
    private readonly Normalization _normalization;

    // One for each rate the files have.
    private readonly ImmutableDictionary<int, Resampler> _resamplers;

    private SoundFolder(string[] files, Shape sample, SampleFormat format, int? rate, SoundPlace place, ImmutableDictionary<int, Resampler> resamplers, Targets targets)
        : base(sample, targets)
    {
        _files = files;
        _rate = rate;
        _place = place;
        _resamplers = resamplers;
        _normalization = new Normalization(format, sample.Count, "values");
    }

    /// <summary>The files this class opens.</summary>
    internal static ClassFolders SoundFiles { get; } = new("sounds (.wav)", name => name.EndsWith(".wav", StringComparison.OrdinalIgnoreCase));

    /// <summary>The files, in the order of the samples.</summary>
    public IReadOnlyList<string> Files => _files;

    /// <summary>
    /// Opens a folder with one folder for each class; the classes are numbered in the ordinal order of their names, and the
    /// sounds of a class follow in the ordinal order of theirs. Files of other kinds and hidden ones are passed over.
    /// </summary>
    /// <param name="path">The folder.</param>
    /// <param name="format">The shape of a sample, which says its length; by default all sounds must have one length. Mean and std as for values.</param>
    /// <param name="sampleRate">The values a second to bring sounds to; null (the default) for as they are, all alike. See <see cref="Resampler"/>.</param>
    /// <param name="place">Where a sound lies in a sample of another length; default the middle.</param>
    /// <param name="classNames">The classes in the order a model knows them; empty (the default) for those that are there.</param>
    /// <exception cref="SkiptuneException">There is no sound, a class is unknown, or a sound has another length, rate or kind.</exception>
    public static SoundFolder Open(string path, SampleFormat? format = null, int? sampleRate = null, SoundPlace place = SoundPlace.Middle, ImmutableArray<string> classNames = default)
    {
        (string[] files, Targets targets) = SoundFiles.Labelled(path, classNames);
        return Create(files, format, sampleRate, place, targets);
    }

    /// <summary>Opens the sounds that lie in one folder, in the ordinal order of their names, of which nothing is known.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="format">As for <see cref="Open"/>.</param>
    /// <param name="sampleRate">As for <see cref="Open"/>.</param>
    /// <param name="place">As for <see cref="Open"/>.</param>
    /// <exception cref="SkiptuneException">There is no sound, or a sound has another length, rate or kind.</exception>
    public static SoundFolder OpenUnlabelled(string path, SampleFormat? format = null, int? sampleRate = null, SoundPlace place = SoundPlace.Middle)
    {
        (string[] files, Targets targets) = SoundFiles.Unlabelled(path);
        return Create(files, format, sampleRate, place, targets);
    }

    /// <inheritdoc/>
    protected override void ReadSamples(ReadOnlySpan<int> indices, Span<float> destination)
    {
        int length = SampleShape.Count;
        for (int i = 0; i < indices.Length; i++)
            ReadSound(_files[indices[i]], destination.Slice(i * length, length));
    }

    private static SoundFolder Create(string[] files, SampleFormat? format, int? rate, SoundPlace place, Targets targets)
    {
        format ??= SampleFormat.AsStored;
        Dictionary<int, Resampler> resamplers = [];
        WavHeader first = default;
        long firstLength = 0;
        // All headers are looked at now: an error in the middle of a run would come too late.
        foreach (string file in files)
        {
            WavHeader header = DataFile.Read(file, stream => WavHeader.Read(stream, file));
            bool isFirst = file == files[0];
            if (isFirst)
                first = header;
            if (rate is null && header.SampleRate != first.SampleRate)
                throw ErrorText.Of(file, $"has {header.SampleRate} values a second, but {Path.GetFileName(files[0])} has {first.SampleRate}; give a sample rate to bring all sounds to");
            long length = header.Length;
            if (rate is { } wanted)
                length = ResamplerFor(resamplers, header.SampleRate, wanted, file).LengthOf(length);
            if (isFirst)
                firstLength = length;
            if (format.Shape is null && length != firstLength)
                throw ErrorText.Of(file, $"has {length} values, but {Path.GetFileName(files[0])} has {firstLength}; give the shape of a sample to make all sounds alike");
        }
        if (format.Shape is null && firstLength > Shape.MaxElements)
            throw ErrorText.Of(files[0], $"has {firstLength} values; {Shape.MaxElements} are the most a sample may have, so give the shape of a sample");
        return new SoundFolder(files, format.Shape ?? new Shape((int)firstLength), format, rate, place, resamplers.ToImmutableDictionary(), targets);
    }

    private static Resampler ResamplerFor(Dictionary<int, Resampler> known, int from, int to, string file)
    {
        if (known.TryGetValue(from, out Resampler? resampler))
            return resampler;
        if (known.Count == MostRates)
            throw ErrorText.Of(file, $"has {from} values a second, and files before it have {MostRates} other rates; convert them to fewer");
        try
        {
            return known[from] = new Resampler(from, to);
        }
        catch (SkiptuneException exception)
        {
            throw ErrorText.Of(file, exception.Message, exception);
        }
    }

    private void ReadSound(string file, Span<float> destination)
    {
        using FileStream stream = DataFile.Guard(file, () => Skiptune.Files.RegularFile.OpenRead(file));
        WavHeader header = DataFile.Guard(file, () => WavHeader.Read(stream, file));
        Resampler? resampler = _rate is null ? null : _resamplers.GetValueOrDefault(header.SampleRate) ?? throw ErrorText.Of(file, "has another sample rate than when it was opened; leave the files alone while they are used");
        long total = resampler?.LengthOf(header.Length) ?? header.Length;
        // What of the sound is cut off before, or how much silence comes before it.
        long cut = Before(total - destination.Length);
        Span<float> middle = destination.Slice((int)Before(destination.Length - total), (int)Math.Min(total, destination.Length));
        (long from, long first) = resampler?.StartFor(cut) ?? (cut, cut);
        int needed = (int)Math.Min(header.Length - from, resampler?.NeededFor(cut - first + middle.Length) ?? middle.Length);
        float[] buffer = ArrayPool<float>.Shared.Rent(needed);
        try
        {
            Span<float> sound = buffer.AsSpan(0, needed);
            header.ReadMono(stream, file, from, sound);
            destination.Clear();
            if (resampler is null)
                sound.CopyTo(middle);
            else
                resampler.Apply(sound, middle, cut - first);
        }
        catch (IOException exception)
        {
            throw ErrorText.Of(file, $"cannot be read ({exception.Message}); check the file", exception);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(buffer);
        }
        for (int i = 0; i < destination.Length && !_normalization.IsIdentity; i++)
            destination[i] = _normalization.Apply(destination[i], i);
    }

    private long Before(long difference) => _place switch
    {
        _ when difference <= 0 => 0,
        SoundPlace.Start => 0,
        SoundPlace.Middle => difference / 2,
        _ => difference,
    };
}
