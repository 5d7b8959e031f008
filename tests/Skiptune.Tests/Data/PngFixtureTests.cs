using Skiptune.Data;

namespace Skiptune.Tests.Data;

/// <summary>PNG files that other programs wrote, Pillow and netpbm (Png/make.py), give the pixels those programs were given.</summary>
public sealed class PngFixtureTests
{
    private static readonly string s_folder = Path.Combine(AppContext.BaseDirectory, "Png");

    [Theory]
    [InlineData("pillow-grey", "", 9, 7, 1)]
    [InlineData("pillow-grey-alpha", "", 9, 7, 2)]
    [InlineData("pillow-rgb", "", 9, 7, 3)]
    [InlineData("pillow-rgba", "", 9, 7, 4)]
    [InlineData("pillow-palette", "", 9, 7, 3)]
    [InlineData("netpbm-grey", "-nofilter", 20, 15, 1)]
    [InlineData("netpbm-grey", "-sub", 20, 15, 1)]
    [InlineData("netpbm-grey", "-up", 20, 15, 1)]
    [InlineData("netpbm-grey", "-avg", 20, 15, 1)]
    [InlineData("netpbm-grey", "-paeth", 20, 15, 1)]
    [InlineData("netpbm-rgb", "-nofilter", 20, 15, 3)]
    [InlineData("netpbm-rgb", "-sub", 20, 15, 3)]
    [InlineData("netpbm-rgb", "-up", 20, 15, 3)]
    [InlineData("netpbm-rgb", "-avg", 20, 15, 3)]
    [InlineData("netpbm-rgb", "-paeth", 20, 15, 3)]
    public void Pixels_are_those_that_were_written(string kind, string filter, int width, int height, int channels)
    {
        ByteImage image = ImageFile.Read(Path.Combine(s_folder, $"{kind}{filter}.png"));
        Assert.Equal((width, height, channels), (image.Width, image.Height, image.Channels));
        Assert.Equal(File.ReadAllBytes(Path.Combine(s_folder, $"{kind}.raw")), image.Pixels.ToArray());
    }

    [Theory]
    [InlineData("1bit", "1 bits a channel")]
    [InlineData("16bit", "16 bits a channel")]
    [InlineData("palette-4bit", "4 bits a channel")]
    [InlineData("interlaced", "interlaced")]
    public void Kinds_that_are_not_supported_are_refused_by_name(string kind, string words)
    {
        string path = Path.Combine(s_folder, $"refused-{kind}.png");
        Assert.Contains(words, Failures.Message(path, () => ImageFile.Read(path)), StringComparison.Ordinal);
    }
}
