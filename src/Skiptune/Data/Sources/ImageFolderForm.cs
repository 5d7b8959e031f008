namespace Skiptune.Data;

/// <summary>Folders of images.</summary>
internal sealed class ImageFolderForm : FolderForm
{
    public override ClassFolders Files => ImageFolder.ImageFiles;

    public override DataSet OpenClasses(string path, DataSourceOptions options) => ImageFolder.Open(path, options.Format, options.ClassNames);

    public override DataSet OpenFiles(string path, DataSourceOptions options) => ImageFolder.OpenUnlabelled(path, options.Format);
}
