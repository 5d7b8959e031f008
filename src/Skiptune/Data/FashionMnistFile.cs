namespace Skiptune.Data;

/// <summary>One of the four files of Fashion-MNIST.</summary>
/// <param name="Name">The name without .gz.</param>
/// <param name="InflatedBytes">The length of the IDX bytes.</param>
/// <param name="Sha256">
/// The SHA-256 of the IDX bytes, in hex. Of the inflated bytes, because Debian's package compressed the files anew:
/// its .gz files are not upstream's, their content is.
/// </param>
internal sealed record FashionMnistFile(string Name, int InflatedBytes, string Sha256)
{
    /// <summary>The image file of a split.</summary>
    public static FashionMnistFile Images(FashionMnistSplit split) => split switch
    {
        FashionMnistSplit.Train => new("train-images-idx3-ubyte", 47_040_016, "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888"),
        FashionMnistSplit.Test => new("t10k-images-idx3-ubyte", 7_840_016, "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b"),
        _ => throw new ArgumentOutOfRangeException(nameof(split), split, "not a part of Fashion-MNIST"),
    };

    /// <summary>The label file of a split.</summary>
    public static FashionMnistFile Labels(FashionMnistSplit split) => split switch
    {
        FashionMnistSplit.Train => new("train-labels-idx1-ubyte", 60_008, "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9"),
        FashionMnistSplit.Test => new("t10k-labels-idx1-ubyte", 10_008, "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"),
        _ => throw new ArgumentOutOfRangeException(nameof(split), split, "not a part of Fashion-MNIST"),
    };

    /// <summary>The file in a folder, compressed or not, or null.</summary>
    public string? FindIn(string directory)
    {
        string plain = Path.Combine(directory, Name);
        return File.Exists(plain + ".gz") ? plain + ".gz" : File.Exists(plain) ? plain : null;
    }
}
