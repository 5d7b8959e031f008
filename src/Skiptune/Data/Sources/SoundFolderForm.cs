namespace Skiptune.Data;

/// <summary>Folders of sounds.</summary>
internal sealed class SoundFolderForm : FolderForm
{
    public override ClassFolders Files => SoundFolder.SoundFiles;

    public override DataSet OpenClasses(string path, DataSourceOptions options) =>
        SoundFolder.Open(path, options.Format, options.SampleRate, options.SoundPlace, options.ClassNames);

    public override DataSet OpenFiles(string path, DataSourceOptions options) =>
        SoundFolder.OpenUnlabelled(path, options.Format, options.SampleRate, options.SoundPlace);
}
