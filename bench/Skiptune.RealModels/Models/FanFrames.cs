using System.Globalization;
using System.Text;
using Skiptune.Data;
using Skiptune.Numerics;

namespace Skiptune.RealModels.Models;

/// <summary>
/// Recordings of a fan's vibration as frames of the kind the ToyCar autoencoder takes: 128 bands in decibels, five in a row.
/// A recording is a series of spectra of 512 bins, of which four each make a band.
/// </summary>
internal static class FanFrames
{
    private const int Bins = 512;
    private const int Bands = 128;
    private const int Stack = 5;

    // Frames in the pattern of a split: of 30 in a row the first 18 are learnt from and 4 are held back; those between
    // share spectra with both and are left out.
    private const int Period = 30;
    private const int LearntFrom = 18;
    private const int HeldBackFrom = 22;
    private const int HeldBackTo = 26;

    /// <summary>The frames of recordings, one recording after the other.</summary>
    public static TensorDataSet Read(Assets assets, params string[] recordings)
    {
        List<float> values = [];
        int frames = 0;
        foreach (string recording in recordings)
        {
            float[][] spectra = [.. assets.Unzip($"cooling_fan/12cm_hmlo_{recording}.zip").Where(entry => entry.Name.EndsWith(".csv", StringComparison.Ordinal)).Select(entry => Decibels(entry.Bytes))];
            for (int first = 0; first + Stack <= spectra.Length; first++, frames++)
                values.AddRange(spectra[first..(first + Stack)].SelectMany(band => band));
        }
        return new TensorDataSet(new Tensor(new Shape(frames, Stack * Bands), [.. values]), Targets.Input(frames));
    }

    /// <summary>Parts of the frames that share no spectrum.</summary>
    public static (DataSet Train, DataSet Valid) Split(DataSet frames)
    {
        int[] all = [.. Enumerable.Range(0, frames.Count)];
        return (
            frames.Select([.. all.Where(frame => frame % Period < LearntFrom)]),
            frames.Select([.. all.Where(frame => frame % Period is >= HeldBackFrom and < HeldBackTo)]));
    }

    private static float[] Decibels(byte[] csv)
    {
        double[] bands = new double[Bands];
        int bin = 0;
        foreach (string line in Encoding.ASCII.GetString(csv).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (bin < Bins)
                bands[bin++ * Bands / Bins] += double.Parse(line.Split(',')[1], NumberStyles.Float, CultureInfo.InvariantCulture) * Bands / Bins;
        }
        return Array.ConvertAll(bands, band => (float)(20 * Math.Log10(band + 1e-4)));
    }
}
