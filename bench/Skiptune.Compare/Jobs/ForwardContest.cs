using System.Collections.Immutable;
using Skiptune.Compare.Measuring;
using Skiptune.Compare.Processes;
using Skiptune.Compare.Results;
using Skiptune.Numerics;

namespace Skiptune.Compare.Jobs;

/// <summary>Forward passes: the reference network alone, and two larger ones against ONNX Runtime.</summary>
internal static class ForwardContest
{
    public const int LeNetBatch = 64;

    private const int Rounds = 21;
    private const int LeNetRepeats = 20;
    private const float Tolerance = 1e-3f;

    public static ImmutableArray<int> Batches { get; } = [1, 32];

    private static readonly (string Name, string File)[] Models =
    [
        ("resnet20", Path.Combine("resnet20_cifar10", "resnet20.onnx")),
        ("mobilenetv2", Path.Combine("mobilenetv2_imagenet", "mbv2-w0.35.onnx")),
    ];

    public static void Run(Setup setup, Measurements results)
    {
        List<IDisposable> owned = [];
        try
        {
            Contest.Run("forward", [.. LeNet(setup, owned), .. Larger(setup, owned, results)], setup.Effort(Rounds), results);
        }
        finally
        {
            owned.ForEach(one => one.Dispose());
        }
    }

    private static IEnumerable<Contestant> LeNet(Setup setup, List<IDisposable> owned)
    {
        float[] samples = new float[LeNetBatch * setup.Task.Train.SampleShape.Count];
        setup.Task.Train.Read([.. Enumerable.Range(0, LeNetBatch)], samples);
        KernelSet? narrow = KernelSet.Available.FirstOrDefault(form => form.Name == "v128");
        foreach (int threads in Measurements.ThreadCounts)
            yield return Make("skiptune_lenet", threads, KernelSet.Current);
        if (narrow is not null)
            yield return Make("skiptune_lenet_v128", 1, narrow);

        Contestant Make(string name, int threads, KernelSet kernels)
        {
            ForwardJob job = new(setup.Task.Model, LeNetBatch, threads, kernels, samples);
            owned.Add(job);
            return new Contestant(name, threads, () => job.Run(LeNetRepeats));
        }
    }

    private static IEnumerable<Contestant> Larger(Setup setup, List<IDisposable> owned, Measurements results)
    {
        (string Name, Model Model, float[] Samples, string Path)[] models = [.. Load(setup, results)];
        string[] files = [.. models.Select(model => model.Path)];
        foreach (int threads in Measurements.ThreadCounts)
        {
            OnnxRuntimePeer? peer = models.Length == 0 ? null : Start(setup, owned, results, threads, files);
            foreach ((string name, Model model, float[] samples, _) in models)
            {
                Shape sample = model.Graph.Inputs[0].SampleShape;
                foreach (int batch in Batches)
                {
                    int repeats = batch == 1 ? 20 : 2;
                    ForwardJob job = new(model, batch, threads, KernelSet.Current, samples);
                    owned.Add(job);
                    yield return new Contestant($"skiptune_{name}_batch{batch}", threads, () => job.Run(repeats));
                    if (peer is not null)
                        yield return new Contestant($"onnxruntime_{name}_batch{batch}", threads, () => Checked(peer, name, batch, sample, repeats, job));
                }
            }
        }
    }

    private static IEnumerable<(string Name, Model Model, float[] Samples, string Path)> Load(Setup setup, Measurements results)
    {
        foreach ((string name, string file) in Models)
        {
            string path = Path.Combine(setup.Options.Assets, file);
            if (!File.Exists(path))
            {
                results.Miss(name, $"there is no {path}; name the folder with --assets");
                continue;
            }
            Model model = Model.Load(path);
            float[] samples = ForwardJob.Samples(model.Graph.Inputs[0].SampleShape, Batches.Max(), Path.Combine(setup.Folder, $"{name}.f32"));
            // The peer finds a model and its samples by one name.
            string copy = Path.Combine(setup.Folder, $"{name}.onnx");
            File.Copy(path, copy, overwrite: true);
            yield return (name, model, samples, copy);
        }
    }

    private static OnnxRuntimePeer? Start(Setup setup, List<IDisposable> owned, Measurements results, int threads, string[] files)
    {
        try
        {
            OnnxRuntimePeer peer = OnnxRuntimePeer.Start(threads, setup.Folder, files);
            owned.Add(peer);
            results.Versions["ONNX Runtime"] = peer.Version;
            return peer;
        }
        catch (SkiptuneException exception)
        {
            results.Miss($"ONNX Runtime with {threads} thread(s)", exception.Message);
            return null;
        }
    }

    // Both must compute the same, or their times say nothing.
    private static double Checked(OnnxRuntimePeer peer, string model, int batch, Shape sample, int repeats, ForwardJob ours)
    {
        (double milliseconds, float[] theirs) = peer.Run(model, batch, sample.ToString(), repeats);
        float[] values = ours.First(theirs.Length);
        float scale = theirs.Max(MathF.Abs);
        for (int i = 0; i < theirs.Length; i++)
        {
            if (MathF.Abs(theirs[i] - values[i]) > Tolerance * scale)
                throw new SkiptuneException($"output {i} is {theirs[i]}, Skiptune's is {values[i]}");
        }
        return milliseconds;
    }
}
