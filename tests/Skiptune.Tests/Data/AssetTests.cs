using System.IO.Compression;
using Skiptune.Data;
using Skiptune.Numerics;

namespace Skiptune.Tests.Data;

/// <summary>Files as others made them, where they are on this machine.</summary>
public sealed class AssetTests
{
    [Fact]
    public void Cifar_has_as_many_images_of_each_class()
    {
        using DataSplits data = DataSource.Open(AssetFiles.Path("cifar10_jpeg"), new DataSourceOptions { ValidSplit = 0.25 });
        foreach ((DataSet part, int each) in new[] { (data.Train, 300), (data.Valid!, 100), (data.Test!, 200) })
        {
            Assert.Equal(10 * each, part.Count);
            Assert.Equal(new Shape(3, 32, 32), part.SampleShape);
            Assert.Equal(Enumerable.Repeat(each, 10), part.Labels.ToArray().CountBy(label => label).Select(pair => pair.Value));
        }
        // The means of CIFAR-10's channels are known: 0.491, 0.482, 0.447.
        float[] values = data.Test!.ReadAll();
        double[] means = [.. Enumerable.Range(0, 3).Select(c => Enumerable.Range(0, 2000).Average(i => (double)values.AsSpan(i * 3072 + c * 1024, 1024).ToArray().Average()))];
        Assert.InRange(means[0], 0.47, 0.51);
        Assert.InRange(means[1], 0.46, 0.50);
        Assert.InRange(means[2], 0.42, 0.47);
    }

    [Fact]
    public void Spoken_digits_are_read()
    {
        using TempFolder folder = new();
        using ZipArchive archive = ZipFile.OpenRead(AssetFiles.Path("fsdd/fsdd_900.zip"));
        ZipArchiveEntry[] entries = [.. archive.Entries.Where(entry => entry.Name.EndsWith(".wav", StringComparison.Ordinal)).Take(60)];
        Assert.Equal(60, entries.Length);
        foreach (ZipArchiveEntry entry in entries)
        {
            entry.ExtractToFile(folder.File(entry.Name));
            WavFile sound = WavFile.Read(folder.File(entry.Name));
            Assert.Equal(8000, sound.SampleRate);
            Assert.InRange(sound.Values.Length, 800, 24_000);
            Assert.Contains(sound.Values.ToArray(), value => Math.Abs(value) > 0.01f);
        }
    }
}
