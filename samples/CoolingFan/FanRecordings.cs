using System.Globalization;
using System.IO.Compression;
using Skiptune;

namespace CoolingFan;

/// <summary>
/// Recordings of a fan's vibration: a zip each, in it a CSV file each second, in it a line "bin, value" for each hertz.
/// github.com/matutani/cooling-fan (Sunaga, Kondo, Matsutani, IEEE Micro 2023).
/// </summary>
/// <param name="folder">The folder of the zips.</param>
internal sealed class FanRecordings(string folder)
{
    /// <summary>The values of a spectrum: 1 to 256 Hz.</summary>
    public const int Bins = 256;

    private const int MostRows = 10_000;
    private const int LongestFile = 1 << 16;

    /// <summary>The recordings at one speed each (high, medium, low, off) of the sound fan in a room: silentA, silentB, noisy.</summary>
    public IEnumerable<float[]> Constant(string room) => "hmlo".SelectMany(speed => Read($"12cm_{speed}_normal_{room}"));

    /// <summary>A recording in which the speed changes: high, medium, low, off.</summary>
    /// <param name="fan">normal, damage1 or damage2.</param>
    /// <param name="room">silentA, silentB or noisy.</param>
    /// <param name="take">1 or 2.</param>
    public IEnumerable<float[]> Changing(string fan, string room, int take) => Read($"12cm_hmlo_{fan}_{room}_{take}");

    /// <summary>The spectra of one recording, oldest first.</summary>
    /// <exception cref="SkiptuneException">The recording is missing or not what it should be.</exception>
    public float[][] Read(string name)
    {
        string path = Path.Combine(folder, name + ".zip");
        if (!File.Exists(path))
            throw new SkiptuneException($"{path}: there is no such recording; --data has to name the folder of the zips");
        try
        {
            using ZipArchive archive = ZipFile.OpenRead(path);
            ZipArchiveEntry[] files = [.. archive.Entries.Where(entry => entry.Name.EndsWith(".csv", StringComparison.Ordinal)).Take(MostRows + 1)];
            if (files.Length is 0 or > MostRows)
                throw new InvalidDataException($"there are {(files.Length == 0 ? "no" : "too many")} CSV files in it");
            return [.. files.OrderBy(entry => entry.Name, StringComparer.Ordinal).Select(Spectrum)];
        }
        catch (InvalidDataException exception)
        {
            throw new SkiptuneException($"{path}: {exception.Message}", exception);
        }
    }

    private static float[] Spectrum(ZipArchiveEntry file)
    {
        byte[] text = new byte[LongestFile];
        using Stream stream = file.Open();
        int length = stream.ReadAtLeast(text, text.Length, throwOnEndOfStream: false);
        float[] values = new float[Bins];
        int found = 0;
        foreach (string line in System.Text.Encoding.ASCII.GetString(text, 0, length).Split('\n', StringSplitOptions.TrimEntries))
        {
            if (line.Split(',') is not [string bin, string value] || !int.TryParse(bin, NumberStyles.None, CultureInfo.InvariantCulture, out int hertz) || hertz is < 1 or > Bins)
                continue;
            if (hertz != ++found || !float.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out values[hertz - 1]) || !float.IsFinite(values[hertz - 1]))
                throw new InvalidDataException($"{file.Name} is not a list of bins and values");
        }
        return found == Bins ? values : throw new InvalidDataException($"{file.Name} has {found} of {Bins} bins");
    }
}
