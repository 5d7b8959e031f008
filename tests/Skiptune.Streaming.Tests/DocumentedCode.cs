using Skiptune.Numerics;
using Skiptune.Streaming.Anomaly;
using Skiptune.Streaming.Drift;
using Skiptune.Streaming.Learners;

namespace Skiptune.Streaming.Tests;

/// <summary>The C# of docs/anomaly.md and docs/drift.md; that it is the same is checked beside the other pages.</summary>
[Collection(nameof(DocumentedCode))]
[CollectionDefinition(nameof(DocumentedCode), DisableParallelization = true)] // it changes the current folder
public sealed class DocumentedCode : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("skiptune-docs-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Examples_run()
    {
        SeededRandom random = new(1);
        float[][] spectra = [.. Enumerable.Range(0, 600).Select(_ =>
        {
            float[] spectrum = new float[256];
            random.FillUniform(spectrum, 1);
            return Array.ConvertAll(spectrum, value => value * value);
        })];
        string before = Environment.CurrentDirectory;
        Environment.CurrentDirectory = _folder;
        try
        {
            Watch(spectra);
            Assert.True(File.Exists("normal.state"));
            Regress([0.1f, 0.2f, 0.3f], [1]);
            Drifts([.. Enumerable.Range(0, 1000).Select(i => i < 700 ? random.NextSingle() : 1 + random.NextSingle())]);
        }
        finally
        {
            Environment.CurrentDirectory = before;
        }
    }

    private static void Watch(IEnumerable<float[]> spectra)
    {
        Onlad normal = new(new OnladOptions { Features = 256, Scale = InputScale.LogStandardize });
        foreach (float[] spectrum in spectra)
        {
            float score = normal.Score(spectrum);
            if (normal.IsAnomaly(score))
                Console.WriteLine($"{score} is above {normal.Threshold}");
            else
                normal.Learn(spectrum); // learns the normal as it is here, today
        }
        using (BinaryWriter writer = new(File.Create("normal.state")))
            normal.WriteState(writer);
    }

    private static void Regress(float[] sensors, float[] power)
    {
        OsElm network = new(new OsElmOptions { Features = 3, Outputs = 1, Hidden = 32, Forgetting = 0.999f });
        network.Learn(sensors, power);
        float[] expected = new float[1];
        network.Predict(sensors, expected);
    }

    private static void Drifts(IEnumerable<double> losses)
    {
        IDriftDetector detector = new Adwin(new AdwinOptions());
        foreach (double loss in losses)
        {
            if (detector.Update(new DriftInput(loss)) == DriftStatus.Drift)
                Console.WriteLine("the stream has changed");
        }
    }
}
