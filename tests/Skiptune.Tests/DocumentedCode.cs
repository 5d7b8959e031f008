using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Skiptune.Data;
using Skiptune.FineTuning;
using Skiptune.Numerics;
using Skiptune.Onnx;

namespace Skiptune.Tests;

/// <summary>Every block of C# in the README and in docs/ is code of these tests, line by line, and that code runs.</summary>
[Collection(nameof(ReadmeExample))] // it changes the current folder
public sealed class DocumentedCode
{
    private const string Fence = "```csharp\n";

    [Fact]
    public void Blocks_in_the_documentation_are_code_of_the_tests()
    {
        string source = string.Join('\n', Directory.EnumerateFiles(Path.Combine(SourceFolder(), ".."), "*.cs", SearchOption.AllDirectories).Where(path => Path.GetFileName(path) is "DocumentedCode.cs" or "ReadmeExample.cs").Select(File.ReadAllText));
        int blocks = 0;
        foreach (string page in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "docs"), "*.md").Append(Path.Combine(AppContext.BaseDirectory, "README.md")))
        {
            string text = File.ReadAllText(page);
            for (int start; (start = text.IndexOf(Fence, StringComparison.Ordinal)) >= 0; blocks++)
            {
                text = text[(start + Fence.Length)..];
                IEnumerable<string> lines = text[..text.IndexOf("```", StringComparison.Ordinal)].TrimEnd().Split('\n').Select(line => line.Length == 0 ? "" : "        " + line);
                Assert.True(source.Contains(string.Join('\n', lines), StringComparison.Ordinal), $"{Path.GetFileName(page)} has C# that no test runs: {lines.First()}");
            }
        }
        Assert.True(blocks >= 3);
    }

    [Fact]
    public void Examples_run()
    {
        string before = Environment.CurrentDirectory;
        DirectoryInfo folder = Directory.CreateTempSubdirectory("skiptune-docs-");
        Environment.CurrentDirectory = folder.FullName;
        try
        {
            Directory.CreateDirectory("data");
            foreach (string file in Directory.EnumerateFiles(Skiptune.Tests.Data.DataFiles.Sample))
                File.Copy(file, Path.Combine("data", Path.GetFileName(file)));
            Model model = new(GoldenFiles.PretrainedCnn());
            model.SaveOnnx("model.onnx");
            using (FineTuner tuner = Model.Load("model.onnx").CreateFineTuner(new FineTuneOptions { Epochs = 1 }))
                tuner.Fit(GoldenFiles.RotatedSample("train").Take(40)).Adapter.Save("adapters");
            OpenData();
            Predict();
            Assert.Equal(new Shape(1024, 10), NpyFile.Read("y.npy").Shape);
        }
        finally
        {
            Environment.CurrentDirectory = before;
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void The_example_of_spectrograms_runs()
    {
        string model = AssetFiles.Path("speech_embedding/melspectrogram.onnx");
        string before = Environment.CurrentDirectory;
        DirectoryInfo folder = Directory.CreateTempSubdirectory("skiptune-docs-");
        Environment.CurrentDirectory = folder.FullName;
        try
        {
            File.Copy(model, "melspectrogram.onnx");
            Directory.CreateDirectory("sounds/one");
            File.WriteAllBytes("sounds/one/0.wav", Skiptune.Tests.Data.WavTests.Mono(8000, new float[4000]));
            Assert.Equal(new Shape(1, 1, 76, 32), Spectrogram());
        }
        finally
        {
            Environment.CurrentDirectory = before;
            folder.Delete(recursive: true);
        }
    }

    private static Shape Spectrogram()
    {
        Model spectrogram = Model.Load("melspectrogram.onnx", new OnnxReadOptions
        {
            Dimensions = ImmutableDictionary<string, int>.Empty.Add("samples", 12_512),
        });
        using DataSplits sounds = DataSource.Open("sounds", new DataSourceOptions
        {
            SampleRate = 16_000,
            SoundPlace = SoundPlace.End,
            Format = new SampleFormat { Shape = new Shape(12_512), Std = [1 / 32768f] },
        });
        Tensor frames = spectrogram.Predict(sounds.Train); // samples x 1 x 76 x 32
        return frames.Shape;
    }

    private static void OpenData()
    {
        using DataSplits data = DataSource.Open("data", new DataSourceOptions { ValidSplit = 0.2, Seed = 42 });
        Console.WriteLine($"{data.Train.Count} samples of {data.Train.SampleShape}, {data.Valid?.Count} to watch, {data.Test?.Count} to test");
        float[] first = new float[data.Train.SampleShape.Count];
        data.Train.Read([0], first);
    }

    private static void Predict()
    {
        Model tuned = Model.Load("model.onnx").WithAdapter(Adapter.Load("adapters"));
        using DataSplits data = DataSource.Open("data");
        Tensor outputs = tuned.Predict(data.Train);
        NpyFile.Write("y.npy", outputs);
    }

    private static string SourceFolder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
