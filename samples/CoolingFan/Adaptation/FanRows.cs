using Skiptune.Data;
using Skiptune.Numerics;

namespace CoolingFan.Adaptation;

/// <summary>The rows of recordings in which the speed changes, with what the fan does.</summary>
internal static class FanRows
{
    public const int Normal = 0;
    public const int Damaged = 1;
    public const int Stopped = 2;

    /// <summary>The first row of a recording in which the fan is switched off.</summary>
    private const int FirstStopped = 178;

    /// <summary>The spectra of a recording with their classes, oldest first.</summary>
    /// <param name="recordings">The recordings.</param>
    /// <param name="fault">1 or 2; 0 for the sound fan.</param>
    /// <param name="room">silentA, silentB or noisy.</param>
    /// <param name="take">1 or 2.</param>
    public static IEnumerable<(float[] Spectrum, int Label)> Of(FanRecordings recordings, int fault, string room, int take) =>
        recordings.Changing(fault == 0 ? "normal" : $"damage{fault}", room, take)
            .Select((spectrum, row) => (spectrum, row >= FirstStopped ? Stopped : fault == 0 ? Normal : Damaged));

    public static TensorDataSet DataSet(IEnumerable<(float[] Spectrum, int Label)> rows)
    {
        (float[] Spectrum, int Label)[] all = [.. rows];
        Tensor values = new(new Shape(all.Length, FanRecordings.Bins));
        for (int i = 0; i < all.Length; i++)
            all[i].Spectrum.CopyTo(values.Rows(i, 1).Span);
        return new TensorDataSet(values, [.. all.Select(row => row.Label)], FanClassifier.Classes);
    }
}
