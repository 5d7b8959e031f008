using System.Collections.Immutable;

namespace Skiptune.Data;

/// <summary>Opens the parts of data so that they fit each other. Closes what it opened, unless all went well.</summary>
internal sealed class DataOpener(DataSourceOptions options) : IDisposable
{
    private readonly List<IDisposable> _owned = [];
    private readonly MemoryBudget _budget = new(options.MemoryLimit ?? MemoryBudget.Default);
    private bool _done;

    public DataSplits Open(string path)
    {
        Dictionary<SplitRole, DataPart> parts = DataParts.Find(path);
        DataSet train = OpenPart(parts[SplitRole.Train], options);
        DataSourceOptions others = LikeTrain(train);
        DataSet? valid = parts.TryGetValue(SplitRole.Valid, out DataPart? part) ? OpenPart(part, others) : null;
        DataSet? test = parts.TryGetValue(SplitRole.Test, out part) ? OpenPart(part, others) : null;

        int classes = Math.Max(train.ClassCount, Math.Max(valid?.ClassCount ?? 0, test?.ClassCount ?? 0));
        train = WithClasses(train, classes);
        valid = Checked(parts, SplitRole.Valid, train, valid, classes);
        test = Checked(parts, SplitRole.Test, train, test, classes);
        if (valid is null && options.ValidSplit > 0)
            (train, valid) = DataSplits.HoldBack(train, options.ValidSplit, options.Seed);
        _done = true;
        return new DataSplits(train, valid, test, _owned);
    }

    public void Dispose()
    {
        if (_done)
            return;
        foreach (IDisposable owned in _owned)
            owned.Dispose();
    }

    // Class names are numbered once, by the training samples, and grey images follow them into colour.
    private DataSourceOptions LikeTrain(DataSet train)
    {
        ImmutableArray<string> names = options.ClassNames.IsDefaultOrEmpty ? train.Targets.ClassNames : options.ClassNames;
        SampleFormat format = options.Format;
        if (format.Channels is null && train.SampleShape.Rank == 3 && train.SampleShape[format.Layout == ImageLayout.Nhwc ? 2 : 0] is (1 or 3) and int channels)
            format = format with { Channels = channels };
        return options with { ClassNames = names, Format = format };
    }

    private DataSet OpenPart(DataPart part, DataSourceOptions how)
    {
        DataSet[] sets = Array.ConvertAll(part.Paths, path => OpenOne(path, part.Role, how));
        if (sets.Length == 1)
            return sets[0];
        // Files may lack the last classes: those of all files count.
        int classes = sets.Max(set => set.ClassCount);
        foreach ((DataSet set, string path) in sets.Zip(part.Paths))
        {
            if (set.SampleShape != sets[0].SampleShape || set.Targets.Kind != sets[0].Targets.Kind || !set.Targets.ClassNames.SequenceEqual(sets[0].Targets.ClassNames))
                throw ErrorText.Of(path, $"has samples of {set.SampleShape} with targets of the kind {set.Targets.Kind}, which does not fit {Path.GetFileName(part.Paths[0])} ({sets[0].SampleShape}, {sets[0].Targets.Kind}) or its classes; put only files that belong together in a folder");
        }
        long count = sets.Sum(set => (long)set.Count);
        if (count > int.MaxValue)
            throw ErrorText.Of(part.Paths[0], $"and the files beside it have {count} samples; {int.MaxValue} are supported");
        return new ConcatenatedDataSet(sets, TargetsJoin.Of(sets, (int)count, classes));
    }

    private DataSet OpenOne(string path, SplitRole role, DataSourceOptions how)
    {
        bool folder = Directory.Exists(path);
        DataSet set = folder
            ? (FolderForm.Of(path) ?? throw DataParts.Unknown(path)).Open(path, how)
            : (DataForm.Of(path) ?? throw DataParts.Unknown(path)).Open(path, how, role, _budget);
        if (set is IDisposable owned)
            _owned.Add(owned);
        set = how.Targets switch
        {
            TargetKind.None => set.Targets.Kind == TargetKind.None ? set : set.WithTargets(Targets.None(set.Count)),
            TargetKind.Input => set.WithTargets(Targets.Input(set.Count)),
            { } kind when kind != set.Targets.Kind =>
                throw ErrorText.Of(path, $"has targets of the kind {set.Targets.Kind}, but {kind} are wanted; give data with them"),
            _ => set,
        };
        // Folders were opened in the format: each file has its own size.
        try
        {
            return folder ? set : how.Format.Apply(set);
        }
        catch (SkiptuneException exception)
        {
            throw ErrorText.Of(path, exception.Message, exception);
        }
    }

    private static DataSet? Checked(Dictionary<SplitRole, DataPart> parts, SplitRole role, DataSet train, DataSet? set, int classes)
    {
        if (set is null)
            return null;
        if (set.SampleShape != train.SampleShape || set.Targets.Kind != train.Targets.Kind || set.TargetLength != train.TargetLength)
            throw ErrorText.Of(parts[role].Paths[0], $"has samples of {set.SampleShape} with targets of the kind {set.Targets.Kind}, but the training samples are {train.SampleShape} with {train.Targets.Kind}; give parts that belong together");
        return WithClasses(set, classes);
    }

    // Without names the number of classes is a guess from the labels: the largest guess is right for all parts.
    private static DataSet WithClasses(DataSet set, int classes) =>
        set.Targets.Kind == TargetKind.Classes && set.ClassCount < classes && set.Targets.ClassNames.IsEmpty
            ? set.WithTargets(Targets.Classes(set.Labels, classes))
            : set;
}
