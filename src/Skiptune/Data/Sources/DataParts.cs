namespace Skiptune.Data;

/// <summary>The files, or the one folder of samples, that make up a part of the data.</summary>
internal sealed record DataPart(string[] Paths, SplitRole Role);

/// <summary>Finds the parts of the data at a path.</summary>
internal static class DataParts
{
    /// <summary>The parts, the training samples always among them.</summary>
    /// <exception cref="SkiptuneException">There is nothing at the path, or nothing that is known.</exception>
    public static Dictionary<SplitRole, DataPart> Find(string path)
    {
        if (File.Exists(path))
            return Single(DataForm.Of(path) is null ? throw Unknown(path) : path);
        if (!Directory.Exists(path))
            throw ErrorText.Of(path, "there is no such file or folder; check the path");
        return FromFolders(path) ?? FromFiles(path) ?? Single(SamplesIn(path) ?? throw Unknown(path));
    }

    /// <summary>The one error for what is not recognised.</summary>
    public static SkiptuneException Unknown(string path) =>
        ErrorText.Of(path, $"is in no known form; give {string.Join(", ", DataForm.All.Select(form => form.Description))}, a folder with one folder of {string.Join(" or ", FolderForm.All.Select(form => form.Files.Names))} for each class, or a folder with train, valid and test in these forms");

    // One file or folder is the training samples, unless it is a file with all parts in it.
    private static Dictionary<SplitRole, DataPart> Single(string path)
    {
        IReadOnlyList<SplitRole> roles = DataForm.Of(path) is { } form && File.Exists(path) ? form.Roles(path) : [];
        return (roles.Count > 0 ? roles : [SplitRole.Train]).ToDictionary(role => role, role => new DataPart([path], role));
    }

    // Folders called train, valid and test and no others: with others, these too are classes.
    private static Dictionary<SplitRole, DataPart>? FromFolders(string path)
    {
        string[] folders = FolderEntries.Folders(path);
        if (folders.Length == 0 || !Array.TrueForAll(folders, folder => RoleOfFolder(folder) is not null))
            return null;
        Dictionary<SplitRole, DataPart> parts = [];
        foreach (string folder in folders)
        {
            SplitRole role = RoleOfFolder(folder)!.Value;
            if (!parts.TryAdd(role, new DataPart(FilesOf(folder) ?? [SamplesIn(folder) ?? throw Unknown(folder)], role)))
                throw ErrorText.Of(folder, "is a second folder for the same part; keep one of train, valid and test each");
        }
        return parts.ContainsKey(SplitRole.Train) ? parts : throw NoTraining(path);
    }

    private static Dictionary<SplitRole, DataPart>? FromFiles(string path)
    {
        string[] files = Known(path);
        if (files.Length == 0)
            return null;
        ILookup<SplitRole?, string> roles = files.ToLookup(SplitNames.RoleOf);
        if (Array.TrueForAll(files, file => SplitNames.RoleOf(file) is null))
            return files.Length == 1
                ? Single(files[0])
                : throw ErrorText.Of(path, $"has {files.Length} data files, such as {ErrorText.Quote(Path.GetFileName(files[0]))} and {ErrorText.Quote(Path.GetFileName(files[1]))}; put train, valid or test in their names, or name one file");
        if (!roles.Contains(SplitRole.Train))
            throw NoTraining(path);
        return Enum.GetValues<SplitRole>()
            .Where(role => roles.Contains(role))
            .ToDictionary(role => role, role => new DataPart([.. roles[role]], role));
    }

    private static string[]? FilesOf(string folder) => Known(folder) is { Length: > 0 } files ? files : null;

    private static string[] Known(string folder) => [.. FolderEntries.Files(folder).Where(file => DataForm.Of(file) is not null)];

    private static string? SamplesIn(string folder) => FolderForm.Of(folder) is null ? null : folder;

    private static SplitRole? RoleOfFolder(string folder) =>
        SplitNames.Words(folder).Length == 1 ? SplitNames.RoleOf(folder) : null;

    private static SkiptuneException NoTraining(string path) =>
        ErrorText.Of(path, "has no part called train; name the folder or file of the part you mean");
}
