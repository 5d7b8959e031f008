using Skiptune.Data;
using Skiptune.Numerics;

namespace Skiptune.Tests.Data;

public sealed class SoundFolderTests
{
    private static readonly SampleFormat Four = new() { Shape = new Shape(1, 4) };

    private static void Put(TempFolder folder, string name, int rate, params float[] values)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder.File(name))!);
        folder.Write(name, WavTests.Mono(rate, values));
    }

    private static void AssertSays(string text, string file, Action action) =>
        Assert.Contains(text, Failures.Message(file, action), StringComparison.Ordinal);

    [Fact]
    public void Folders_are_classes_and_sounds_are_cut_or_filled_up()
    {
        using TempFolder folder = new();
        Put(folder, "yes/b.wav", 8000, 0.5f);
        Put(folder, "yes/a.WAV", 8000, 0.25f, 0.5f, 0.75f, 0, 0.125f);
        Put(folder, "no/a.wav", 8000, -0.5f, 0.5f);
        folder.Write("readme.txt", [1]);
        Assert.True(DataSource.IsSound(folder.Path));
        using DataSplits data = DataSource.Open(folder.Path, new DataSourceOptions { Format = Four with { Mean = [0.25f], Std = [0.5f] }, SoundPlace = SoundPlace.Start });
        Assert.Equal(["no", "yes"], data.Train.Targets.ClassNames);
        Assert.Equal([0, 1, 1], data.Train.Labels);
        Assert.Equal(new Shape(1, 4), data.Train.SampleShape);
        Assert.Equal([-1.5f, 0.5f, -0.5f, -0.5f, 0, 0.5f, 1, -0.5f, 0.5f, -0.5f, -0.5f, -0.5f], data.Train.ReadAll());
        using DataSplits unlabelled = DataSource.Open(folder.File("yes"), new DataSourceOptions { Format = Four });
        Assert.Equal((TargetKind.None, 2), (unlabelled.Train.Targets.Kind, unlabelled.Train.Count));
    }

    [Fact]
    public void Parts_are_folders_and_classes_agree()
    {
        using TempFolder folder = new();
        foreach (string name in new[] { "train/a/1.wav", "train/b/1.wav", "valid/b/1.wav", "test/b/1.wav", "test/a/1.wav" })
            Put(folder, name, 8000, 0.5f, 0.5f);
        using DataSplits data = DataSource.Open(folder.Path);
        Assert.Equal((2, 1, 2), (data.Train.Count, data.Valid!.Count, data.Test!.Count));
        Assert.Equal([1], data.Valid.Labels);
        Assert.Equal(new Shape(2), data.Test.SampleShape);
    }

    [Fact]
    public void Rates_are_brought_together()
    {
        using TempFolder folder = new();
        float[] tone = [.. Enumerable.Range(0, 4000).Select(i => 0.5f * MathF.Sin(2 * MathF.PI * 440 * i / 8000))];
        float[] same = [.. Enumerable.Range(0, 8000).Select(i => 0.5f * MathF.Sin(2 * MathF.PI * 440 * i / 16_000))];
        Put(folder, "a/slow.wav", 8000, tone);
        Put(folder, "b/fast.wav", 16_000, same);
        SampleFormat format = new() { Shape = new Shape(6000) };
        // Cut at either end, filled up at either end: always the same tone at the same place.
        foreach ((SoundPlace place, int length, int first, int start) in new[]
        {
            (SoundPlace.Start, 6000, 0, 0), (SoundPlace.Middle, 6000, 1000, 0), (SoundPlace.End, 6000, 2000, 0),
            (SoundPlace.Start, 9000, 0, 0), (SoundPlace.Middle, 9000, 0, 500), (SoundPlace.End, 9000, 0, 1000),
        })
        {
            using DataSplits data = DataSource.Open(folder.Path, new DataSourceOptions { Format = format with { Shape = new Shape(length) }, SampleRate = 16_000, SoundPlace = place });
            float[] both = data.Train.ReadAll();
            int count = Math.Min(length, 8000);
            for (int i = 0; i < count; i++)
            {
                Assert.Equal(same[first + i], both[length + start + i], 1e-4f);
                if (first + i is > 200 and < 7800)
                    Assert.Equal(same[first + i], both[start + i], 1e-3f);
            }
            Assert.All(both[(length + start + count)..].Concat(both[length..(length + start)]).Concat(both[..start]).Concat(both[(start + count)..length]), value => Assert.Equal(0, value));
        }
        AssertSays("give a sample rate", folder.File("b/fast.wav"), () => DataSource.Open(folder.Path, new DataSourceOptions { Format = format }));
        AssertSays("cannot be brought", folder.File("a/slow.wav"), () => DataSource.Open(folder.Path, new DataSourceOptions { Format = format, SampleRate = 0 }));
    }

    [Fact]
    public void What_does_not_fit_is_refused_when_it_is_opened()
    {
        using TempFolder folder = new();
        Put(folder, "a/1.wav", 8000, 0.5f, 0.5f);
        Put(folder, "a/2.wav", 8000, 0.5f);
        AssertSays("has 1 values", folder.File("a/2.wav"), () => SoundFolder.Open(folder.Path));
        AssertSays("known ones", folder.Path, () => SoundFolder.Open(folder.Path, Four, classNames: ["b"]));
        Assert.StartsWith(folder.Path, Failures.Message(folder.Write("a/3.wav", [1, 2, 3]), () => SoundFolder.Open(folder.Path, Four)), StringComparison.Ordinal);
        AssertSays("no sounds", folder.Path, () => SoundFolder.OpenUnlabelled(folder.Path));
        // A file that changed in between is an error of the read.
        File.Delete(folder.File("a/3.wav"));
        SoundFolder sounds = SoundFolder.Open(folder.Path, Four);
        folder.Write("a/2.wav", WavTests.Mono(8000, 0.5f)[..50]);
        Failures.Message(folder.File("a/2.wav"), () => sounds.ReadAll());
        for (int rate = 8000; rate < 8010; rate++)
            Put(folder, $"many/{rate}.wav", rate, 0.5f);
        AssertSays("other rates", folder.File("many/8008.wav"), () => SoundFolder.OpenUnlabelled(folder.File("many"), Four, 16_000));
    }
}
