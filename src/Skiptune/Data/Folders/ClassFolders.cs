using System.Collections.Immutable;

namespace Skiptune.Data;

/// <summary>Files of which each is a sample: in one folder for each class, or in one folder and of no known class.</summary>
/// <param name="Names">What the files are, with the names they may have, for errors.</param>
/// <param name="Wanted">Whether a file of this name is one.</param>
internal sealed record ClassFolders(string Names, Func<string, bool> Wanted)
{
    /// <summary>Whether some folder in this one has such files.</summary>
    public bool HasClasses(string path) => Array.Exists(FolderEntries.Folders(path), HasFiles);

    /// <summary>Whether such files lie in this folder itself.</summary>
    public bool HasFiles(string path) => FolderEntries.Files(path, Wanted).Length > 0;

    /// <summary>
    /// The files of all classes with their classes, which are numbered in the ordinal order of their names; the files of a
    /// class follow in the ordinal order of theirs.
    /// </summary>
    /// <param name="path">The folder of the classes' folders.</param>
    /// <param name="classNames">The classes in the order a model knows them, or nothing for those that are there.</param>
    /// <exception cref="SkiptuneException">There is no such file, or a class is unknown.</exception>
    public (string[] Files, Targets Targets) Labelled(string path, ImmutableArray<string> classNames)
    {
        List<string> files = [];
        List<string> classes = [];
        List<int> found = [];
        foreach (string folder in FolderEntries.Folders(path))
        {
            foreach (string file in FolderEntries.Files(folder, Wanted))
            {
                files.Add(file);
                found.Add(classes.Count);
            }
            classes.Add(Path.GetFileName(folder));
        }
        return files.Count == 0
            ? throw ErrorText.Of(path, $"has no folders with {Names} in them; make one for each class")
            : ([.. files], ClassNameMap.Map(path, classes, found.ToArray(), classNames, numbers: false, classCount: null));
    }

    /// <summary>The files in one folder, of which nothing is known.</summary>
    /// <exception cref="SkiptuneException">There is no such file.</exception>
    public (string[] Files, Targets Targets) Unlabelled(string path)
    {
        string[] files = FolderEntries.Files(path, Wanted);
        return files.Length == 0 ? throw ErrorText.Of(path, $"has no {Names}") : (files, Targets.None(files.Length));
    }
}
