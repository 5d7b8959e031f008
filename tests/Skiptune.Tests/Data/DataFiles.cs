using System.IO.Compression;
using System.Runtime.InteropServices;

namespace Skiptune.Tests.Data;

/// <summary>The files the data tests read and the bytes they make.</summary>
internal static class DataFiles
{
    public const string Package = "/usr/share/datasets/fashion-mnist";

    public static string Sample { get; } = Path.Combine(AppContext.BaseDirectory, "Assets", "fashion-mnist-sample");

    public static float[] GoldenFloats(string name) =>
        MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Golden", name))).ToArray();

    public static void RequirePackage() =>
        Assert.SkipUnless(Directory.Exists(Package), $"the Debian package dataset-fashion-mnist is not installed ({Package})");

    public static byte[] Idx(byte type, int rank, int[] extents, params byte[] values) =>
        [0, 0, type, (byte)rank, .. extents.SelectMany(e => new[] { (byte)(e >> 24), (byte)(e >> 16), (byte)(e >> 8), (byte)e }), .. values];

    public static byte[] Gzip(byte[] bytes)
    {
        using MemoryStream stream = new();
        using (GZipStream gzip = new(stream, CompressionLevel.SmallestSize))
            gzip.Write(bytes);
        return stream.ToArray();
    }

    /// <summary>Runs an action that must end in an error for people: one line that has these words.</summary>
    public static void Refuses(Action action, params string[] words) => IsForPeople(Assert.Throws<SkiptuneException>(action), words);

    public static async Task RefusesAsync(Func<Task> action, params string[] words) =>
        IsForPeople(await Assert.ThrowsAsync<SkiptuneException>(action), words);

    private static void IsForPeople(SkiptuneException exception, string[] words)
    {
        Assert.DoesNotContain('\n', exception.Message);
        foreach (string word in words)
            Assert.Contains(word, exception.Message, StringComparison.Ordinal);
    }
}
