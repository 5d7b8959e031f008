using Skiptune.Data;
using Skiptune.Numerics;
using Skiptune.Streaming.Anomaly;
using Skiptune.Streaming.Drift;
using Skiptune.Streaming.Learners;
using Skiptune.Streaming.Loop;

namespace Skiptune.Streaming.Tests;

/// <summary>The C# of docs/anomaly.md, docs/drift.md and docs/streaming.md; that it is the same is checked beside the other pages.</summary>
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
            Loop.SmallStream.Model.SaveOnnx("base.onnx");
            Assert.Equal(1, Adapt(Loop.SmallStream.Stream(200, 400, 5), Loop.SmallStream.Samples(60, drifted: false, 4)));
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

    private static long Adapt(IEnumerable<StreamSample> sensor, DataSet familiar)
    {
        Model model = Model.Load("base.onnx");
        int values = model.Graph.Inputs[0].SampleShape.Count;
        using OnDeviceLearner learner = OnDeviceLearner.Open(model, "device.db", new LearnerOptions
        {
            Monitors = [new DriftMonitor("errors", new PageHinkley(new PageHinkleyOptions()), DriftSignal.Error)],
            Anomaly = new Onlad(new OnladOptions { Features = values }),
            Collection = new CollectionOptions { MinimumSamples = 100 },
            Gates = new GateOptions { MinimumGain = 0.05, MaximumRetentionLoss = 0.9 },
            Retention = familiar, // what the device must not forget
        });
        learner.Happened = line => Console.WriteLine($"{line.Kind}: {line.Reason}");
        foreach (StreamSample sample in sensor)
        {
            SampleResult result = learner.Process(sample); // on the disk when it returns
            if (result.Outcome == SampleOutcome.Quarantined)
                Console.WriteLine(result.Detail);
        }
        learner.WaitForBackground();
        return learner.Status.Active; // 0: the base model, above: a version tuned here
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
