using System.Collections.Immutable;

namespace Skiptune.Data;

/// <summary>How to open data and what to make of them.</summary>
public sealed record DataSourceOptions
{
    /// <summary>
    /// What is to be known of the samples. Null (the default) for what the data say: classes for IDX, CIFAR, CSV and folders
    /// of images or sounds; for NPY and NPZ classes if the targets are integers, vectors if they are other numbers.
    /// </summary>
    public TargetKind? Targets { get; init; }

    /// <summary>The samples' format; by default as they are stored.</summary>
    public SampleFormat Format { get; init; } = SampleFormat.AsStored;

    /// <summary>The class names in the order a model knows them; empty (the default) for those the data have.</summary>
    public ImmutableArray<string> ClassNames { get; init; } = [];

    /// <summary>The number of classes where they have no names; null (the default) for the largest label + 1.</summary>
    public int? ClassCount { get; init; }

    /// <summary>
    /// The part of the training samples to hold back as validation samples, 0 (the default) to below 1; of each class as
    /// many in proportion. Data that have validation samples of their own keep theirs, and this is not used.
    /// </summary>
    public double ValidSplit { get; init; }

    /// <summary>What decides which samples are held back; default 42.</summary>
    public long Seed { get; init; } = 42;

    /// <summary>Sounds: the values a second to bring them to; null (the default) for as they are, all alike; see <see cref="SoundFolder"/>.</summary>
    public int? SampleRate { get; init; }

    /// <summary>Sounds: where one lies in a sample of another length; default the middle.</summary>
    public SoundPlace SoundPlace { get; init; } = SoundPlace.Middle;

    /// <summary>CSV: the label columns, by name or position; see <see cref="CsvOptions.LabelColumns"/>.</summary>
    public ImmutableArray<string> LabelColumns { get; init; } = [];

    /// <summary>CSV: whether the first row holds names.</summary>
    public CsvHeader Header { get; init; }

    /// <summary>CSV: what stands between columns; null (the default) for a comma, or for a tab in .tsv files.</summary>
    public char? Delimiter { get; init; }

    /// <summary>
    /// The most bytes of samples that all files together may take in memory, 0 or more; null (the default) for a quarter of
    /// what the process may use. What exceeds it is read from the files as it is needed; CSV files, gzip files and deflated
    /// NPZ arrays are unpacked once into scratch files for that, in the system's folder for temporary files. No bit of the
    /// samples depends on it. Images are always read as they are needed, and targets are always in memory.
    /// </summary>
    public long? MemoryLimit { get; init; }

    /// <summary>NPZ: the samples' array; null (the default) for what its name tells, see <see cref="NpzFile.Read"/>.</summary>
    public string? SamplesName { get; init; }

    /// <summary>NPZ: the targets' array; null (the default) for what its name tells, see <see cref="NpzFile.Read"/>.</summary>
    public string? TargetsName { get; init; }

    /// <summary>NPY: the file of the targets; null (the default) for the one named alike with y for x, if there is one.</summary>
    public string? TargetsPath { get; init; }

    /// <summary>CIFAR-100: the 20 coarse classes in place of the 100 fine ones; default false.</summary>
    public bool Coarse { get; init; }
}
