using System.Collections.Immutable;
using Skiptune.Data;
using Skiptune.Numerics;
using Skiptune.Onnx;

namespace Skiptune.RealModels.Models;

/// <summary>The spoken digits of the Free Spoken Digit Dataset as the frames the speech embedding takes.</summary>
internal sealed class SpokenDigitFrames
{
    private const int Rate = 16_000;

    // The 76 frames of the embedding: windows of 512 values, 160 apart.
    private const int Samples = 75 * 160 + 512;

    private readonly Dictionary<string, DataSet> _speakers = new(StringComparer.Ordinal);

    /// <summary>Unpacks the sounds into folders by class, reads them as a user's, and runs the spectrogram's network.</summary>
    /// <param name="assets">The folder of models and data.</param>
    /// <param name="place">Where a digit lies in the 0.78 s.</param>
    public SpokenDigitFrames(Assets assets, SoundPlace place)
    {
        Model spectrogram = Model.Load(
            assets["speech_embedding/melspectrogram.onnx"],
            new OnnxReadOptions { Dimensions = ImmutableDictionary<string, int>.Empty.Add("samples", Samples) });
        string folder = Directory.CreateTempSubdirectory("skiptune-").FullName;
        try
        {
            foreach ((string name, byte[] bytes) in assets.Unzip("fsdd/fsdd_900.zip"))
            {
                string[] parts = name.Split('_'); // digit_speaker_take.wav
                string digit = Path.Combine(folder, parts[1], parts[0]);
                Directory.CreateDirectory(digit);
                File.WriteAllBytes(Path.Combine(digit, name), bytes);
            }
            foreach (string speaker in Directory.GetDirectories(folder).Order(StringComparer.Ordinal))
                _speakers[Path.GetFileName(speaker)] = Frames(spectrogram, speaker, place);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The speakers.</summary>
    public string[] Speakers => [.. _speakers.Keys];

    /// <summary>The digits of some speakers, one speaker after the other.</summary>
    public DataSet Of(params IReadOnlyList<string> speakers)
    {
        DataSet[] sets = [.. speakers.Select(speaker => _speakers[speaker])];
        Tensor samples = new(sets[0].SampleShape.Prepend(sets.Sum(set => set.Count)));
        List<int> labels = [];
        foreach (DataSet set in sets)
        {
            set.Read([.. Enumerable.Range(0, set.Count)], samples.Rows(labels.Count, set.Count).Span);
            labels.AddRange(set.Labels);
        }
        return new TensorDataSet(samples, [.. labels], 10);
    }

    private static TensorDataSet Frames(Model spectrogram, string folder, SoundPlace place)
    {
        // The spectrogram's network takes values of 16-bit size.
        using DataSplits sounds = DataSource.Open(folder, new DataSourceOptions
        {
            SampleRate = Rate,
            SoundPlace = place,
            Format = new SampleFormat { Shape = new Shape(Samples), Std = [1 / 32768f] },
        });
        Tensor frames = spectrogram.Predict(sounds.Train);
        // Between the two networks stands x / 10 + 2.
        foreach (ref float level in frames.Span)
            level = level / 10 + 2;
        return new TensorDataSet(new Tensor(new Shape(sounds.Train.Count, 76, 32, 1), frames.Span.ToArray()), sounds.Train.Targets);
    }
}
