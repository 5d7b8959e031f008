using System.Collections.Immutable;
using System.IO.Compression;
using Skiptune.Data;
using Skiptune.FineTuning;
using Skiptune.Networks;
using Skiptune.Numerics;
using Skiptune.Onnx;
using Skiptune.Tests.Data;

namespace Skiptune.Tests.FineTuning;

/// <summary>Pretrained models of others are fine-tuned. Skipped where they are absent.</summary>
public sealed class AssetRunTests
{
    [Theory]
    [InlineData("skip2-lora", 3e-3f)]
    [InlineData("ft-last", 3e-2f)]
    [InlineData("ft-all", 3e-2f)]
    [InlineData("lora-all", 1e-2f)]
    public void An_autoencoder_learns_other_frames(string method, float rate)
    {
        Model model = Model.Load(AssetFiles.Path("toycar_autoencoder/ad01_toycar_autoencoder.onnx"));
        // Five times 128 bands in decibels: a slope, a peak that moves, and noise.
        Tensor frames = new(new Shape(160, 640));
        SeededRandom random = new(1);
        random.FillUniform(frames.Span, 2);
        for (int i = 0; i < frames.Span.Length; i++)
            frames.Span[i] += -10 - i % 128 / 8f + (Math.Abs(i % 128 - i / 640 % 100) < 4 ? 12 : 0);
        TensorDataSet data = new(frames, Targets.Input(160));
        (DataSet train, DataSet test) = DataSplits.HoldBack(data, 0.25, 1);
        using FineTuner tuner = model.CreateFineTuner(new FineTuneOptions { Method = FineTuneMethod.Parse(method), Optimizer = new Adam { LearningRate = rate }, Epochs = 8, Threads = 2 });
        FineTuneResult result = tuner.Fit(train);
        double before = model.Evaluate(test).Loss;
        double after = model.WithAdapter(result.Adapter).Evaluate(test).Loss;
        Assert.True(after < 0.7 * before, $"{before} became {after}");
    }

    [Fact]
    public void Spoken_digits_are_learnt_from_folders_of_sounds()
    {
        const int Samples = 75 * 160 + 512;
        string embedding = AssetFiles.Path("speech_embedding/embedding_model.onnx");
        Model spectrogram = Model.Load(
            AssetFiles.Path("speech_embedding/melspectrogram.onnx"), new OnnxReadOptions { Dimensions = ImmutableDictionary<string, int>.Empty.Add("samples", Samples) });
        using TempFolder folder = new();
        Unzip(AssetFiles.Path("fsdd/fsdd_900.zip"), folder);
        using DataSplits sounds = DataSource.Open(folder.Path, new DataSourceOptions { SampleRate = 16_000, SoundPlace = SoundPlace.End, Format = new SampleFormat { Shape = new Shape(Samples), Std = [1 / 32768f] } });
        DataSet train = Frames(spectrogram, sounds.Train);
        DataSet test = Frames(spectrogram, sounds.Test!);
        Assert.Equal((40, 20), (train.Count, test.Count));
        Model model = Model.Load(embedding);
        using FineTuner tuner = model.CreateFineTuner(new FineTuneOptions { Classes = 4, Optimizer = new Adam { LearningRate = 3e-3f }, Epochs = 8, Threads = 2 });
        FineTuneResult result = tuner.Fit(train);
        double accuracy = model.WithAdapter(result.Adapter).Evaluate(test).Accuracy;
        Assert.True(accuracy > 0.8, $"{100 * accuracy} %");
    }

    // Four digits of one speaker: ten recordings of each to learn from, five to test.
    private static void Unzip(string path, TempFolder folder)
    {
        using ZipArchive archive = ZipFile.OpenRead(path);
        foreach (ZipArchiveEntry entry in archive.Entries)
        {
            string[] parts = Path.GetFileNameWithoutExtension(entry.Name).Split('_');
            if (parts is not [var digit and ("0" or "3" or "6" or "8"), "jackson", var take])
                continue;
            string classFolder = folder.File(Path.Combine(int.Parse(take) < 10 ? "train" : "test", digit));
            Directory.CreateDirectory(classFolder);
            entry.ExtractToFile(Path.Combine(classFolder, entry.Name));
        }
    }

    private static TensorDataSet Frames(Model spectrogram, DataSet sounds)
    {
        Tensor frames = spectrogram.Predict(sounds, threads: 2);
        foreach (ref float level in frames.Span)
            level = level / 10 + 2;
        return new TensorDataSet(new Tensor(new Shape(sounds.Count, 76, 32, 1), frames.Span.ToArray()), sounds.Targets);
    }
}
