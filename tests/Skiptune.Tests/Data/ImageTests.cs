using Skiptune.Data;
using Skiptune.Numerics;

namespace Skiptune.Tests.Data;

public sealed class ImageTests
{
    private static byte[] Noise(int count, int seed = 1)
    {
        SeededRandom random = new(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (byte)random.NextInt32(256))];
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(2, 3)]
    [InlineData(4, 2)]
    [InlineData(6, 4)]
    public void Png_gives_back_every_filter_and_kind(int colour, int channels)
    {
        using TempFolder folder = new();
        byte[] pixels = Noise(7 * 11 * channels, colour);
        // Every filter follows every other, and each is once in the first row.
        for (int shift = 0; shift < 5; shift++)
        {
            ByteImage image = ImageFile.Read(folder.Write("i.png", PngWriter.Write(7, 11, colour, pixels, y => (y * (y / 5 + 1) + shift) % 5)));
            Assert.Equal((7, 11, channels), (image.Width, image.Height, image.Channels));
            Assert.Equal(pixels, image.Pixels.ToArray());
        }
    }

    [Fact]
    public void Png_looks_up_its_palette()
    {
        using TempFolder folder = new();
        byte[] palette = [1, 2, 3, 4, 5, 6];
        ByteImage image = ImageFile.Read(folder.Write("p.png", PngWriter.Write(3, 1, 3, [1, 0, 1], palette: palette)));
        Assert.Equal([4, 5, 6, 1, 2, 3, 4, 5, 6], image.Pixels.ToArray());
        string outside = folder.Write("o.png", PngWriter.Write(3, 1, 3, [1, 2, 1], palette: palette));
        Assert.Contains("colour 2", Failures.Message(outside, () => ImageFile.Read(outside)), StringComparison.Ordinal);
        string none = folder.Write("n.png", PngWriter.Write(3, 1, 3, [1, 0, 1]));
        Assert.Contains("palette", Failures.Message(none, () => ImageFile.Read(none)), StringComparison.Ordinal);
    }

    [Fact]
    public void Png_refuses_what_it_does_not_read()
    {
        using TempFolder folder = new();
        void Refused(string word, byte[] file)
        {
            string path = folder.Write("r.png", file);
            Assert.Contains(word, Failures.Message(path, () => ImageFile.Read(path)), StringComparison.Ordinal);
        }

        byte[] pixels = Noise(12);
        byte[] good = PngWriter.Write(4, 3, 0, pixels);
        Refused("interlaced", PngWriter.Write(4, 3, 0, pixels, interlace: 1));
        Refused("16 bits", PngWriter.Write(4, 3, 0, pixels, depth: 16));
        Refused("filter 5", PngWriter.Write(4, 3, 0, pixels, _ => 5));
        Refused("ends in row 2", PngWriter.Write(4, 3, 0, pixels[..8]));
        Refused("goes on", PngWriter.Write(4, 2, 0, pixels));
        Refused("pixels", PngWriter.WithSize(good, 0, 3));
        Refused("pixels", PngWriter.WithSize(good, -1, 3));
        Refused("promises 30000x2000", PngWriter.WithSize(good, 30_000, 2_000));
        Refused("colour type", PngWriter.Write(4, 3, 5, pixels));
        Refused("neither", [0xFF, 0xD8, 0xFF, 0xE0]);
        for (int length = 9; length < good.Length; length++)
            Refused("ends", good[..length]);
        for (int at = 8; at < good.Length; at++)
        {
            byte[] damaged = [.. good];
            damaged[at] ^= 0x10;
            string path = folder.Write("d.png", damaged);
            Failures.Message(path, () => ImageFile.Read(path));
        }
    }

    [Fact]
    public void Pnm_reads_grey_and_colour()
    {
        using TempFolder folder = new();
        ByteImage grey = ImageFile.Read(folder.Write("g.pgm", [.. "P5 # made by hand\n# twice\n 3 2\n255\n"u8, 1, 2, 3, 4, 10, 6]));
        Assert.Equal((3, 2, 1), (grey.Width, grey.Height, grey.Channels));
        Assert.Equal([1, 2, 3, 4, 10, 6], grey.Pixels.ToArray());
        ByteImage colour = ImageFile.Read(folder.Write("c.ppm", [.. "P6 1 1 15 "u8, 0, 15, 8]));
        Assert.Equal([0, 255, 136], colour.Pixels.ToArray());
        foreach (string bad in (string[])["P5 1 1 255", "P5 1 1 65535\n..", "P5 99999999999 1 255\nx", "P5 100000 1 255\nx", "P5 2 1 255\nx", "P5 1 1 255\nxx", "P5 -1 1 255\nx", "P5 1 1 9\nx", "P2 1 1 255\n1"])
        {
            string path = folder.Write("b.pgm", System.Text.Encoding.ASCII.GetBytes(bad));
            Failures.Message(path, () => ImageFile.Read(path));
        }
    }

    [Fact]
    public void Folders_are_classes_in_ordinal_order()
    {
        using TempFolder folder = new();
        foreach ((string name, byte value) in new[] { ("b/2.png", (byte)20), ("b/1.png", (byte)10), ("B/x.png", (byte)30), ("a/z.png", (byte)255) })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder.File(name))!);
            folder.Write(name, PngWriter.Write(2, 1, 0, [value, 0]));
        }
        folder.Write("a/.hidden.png", [1]);
        folder.Write("a/notes.txt", [1]);
        ImageFolder set = ImageFolder.Open(folder.Path);
        Assert.Equal(["B", "a", "b"], set.Targets.ClassNames);
        Assert.Equal([0, 1, 2, 2], set.Labels);
        Assert.Equal([30 / 255f, 0, 1, 0, 10 / 255f, 0, 20 / 255f, 0], set.ReadAll());

        folder.Write("a/colour.png", PngWriter.Write(1, 1, 6, [255, 0, 0, 128]));
        DataFiles.Refuses(() => ImageFolder.Open(folder.Path), "1x1", "2x1", "height");
        ImageFolder mixed = ImageFolder.Open(folder.Path, new SampleFormat { Height = 1, Width = 1, Layout = ImageLayout.Nhwc });
        Assert.Equal(new Shape(1, 1, 3), mixed.SampleShape);
        float[] red = new float[3];
        mixed.Read([1], red);
        Assert.Equal([1, 0, 0], red);

        Assert.Equal([1, 2, 2, 3, 3], ImageFolder.Open(folder.Path, new SampleFormat { Height = 1, Width = 1 }, ["zz", "B", "a", "b"]).Labels);
        DataFiles.Refuses(() => ImageFolder.Open(folder.Path, new SampleFormat { Height = 1, Width = 1 }, ["a", "b"]), "'B'");
    }
}
