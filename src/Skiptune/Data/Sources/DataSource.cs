namespace Skiptune.Data;

/// <summary>Opens data in whatever form they are.</summary>
public static class DataSource
{
    /// <summary>
    /// Opens a file (IDX images, CIFAR .bin, .npz, .npy, .csv, .tsv) or a folder: of such files, of one folder of images or
    /// of WAV sounds for each class, of images or sounds, or of the folders train, valid and test with any of these. Files in a folder that have train,
    /// valid or test in their names are these parts; several files of one part are put one after the other.
    /// A lone .npz file may hold parts too: x_train, y_train, x_test, y_test and names like these.
    /// </summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="options">How; default: see <see cref="DataSourceOptions"/>.</param>
    /// <returns>The parts. Samples are in memory within <see cref="DataSourceOptions.MemoryLimit"/> and else read as they are needed.</returns>
    /// <exception cref="SkiptuneException">The data are in no known form, are damaged, or do not fit each other or the options.</exception>
    public static DataSplits Open(string path, DataSourceOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new DataSourceOptions();
        if (!(options.ValidSplit >= 0 && options.ValidSplit < 1))
            throw new SkiptuneException($"a part of {options.ValidSplit} cannot be held back for validation; give a fraction from 0 to below 1");
        if (options.MemoryLimit < 0)
            throw new SkiptuneException($"samples cannot take {options.MemoryLimit} bytes of memory; give 0 or more");
        using DataOpener opener = new(options);
        return opener.Open(path);
    }

    /// <summary>Whether what lies at a path would be opened as sounds: folders of WAV files, by class and by part or not.</summary>
    /// <param name="path">A file or folder, which need not exist.</param>
    /// <exception cref="SkiptuneException">The folder holds nothing that is known.</exception>
    public static bool IsSound(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Directory.Exists(path)
            && DataParts.Find(path)[SplitRole.Train].Paths is [var folder]
            && Directory.Exists(folder)
            && FolderForm.Of(folder) is SoundFolderForm;
    }
}
