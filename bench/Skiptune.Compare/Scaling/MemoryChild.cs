using System.Globalization;
using Skiptune.Compare.Processes;
using Skiptune.Data;
using Skiptune.FineTuning;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.Compare.Scaling;

/// <summary>
/// A process that trains once and says its peak memory. It makes its samples up, so that reading them leaves no garbage
/// behind. The baseline holds as many samples and compiles the same methods, but trains on a few.
/// </summary>
internal static class MemoryChild
{
    public const string Argument = "--memory-child";

    // Enough steps that the methods are compiled for the second time, too, and enough samples that the frozen part runs
    // in batches as large as it ever does.
    private const int WarmEpochs = 40;
    private const int WarmSamplesOfThread = 32;

    /// <summary>Runs a child; its peak and the plan's, in bytes.</summary>
    /// <exception cref="SkiptuneException">The child failed.</exception>
    public static (long Peak, long Planned) Start(RunShape shape, bool baseline)
    {
        string program = typeof(MemoryChild).Assembly.Location;
        string? text = Tool.TryRead("dotnet", [program, Argument, .. shape.ToArguments(), baseline ? "baseline" : "run"]);
        string[] words = text?.Split(' ') ?? throw new SkiptuneException("the process that measures memory failed");
        return (long.Parse(words[0], CultureInfo.InvariantCulture), long.Parse(words[1], CultureInfo.InvariantCulture));
    }

    /// <summary>What the child does.</summary>
    public static int Run(string[] arguments)
    {
        RunShape shape = RunShape.FromArguments(arguments);
        Model model = Model.Load(Path.Combine(Clone.Root, "assets", "base-lenet.onnx"));
        DataSet samples = MakeSamples(shape.Samples, ReferenceCnn.SampleShape);
        // Batches of one learn too fast at the task's rate.
        FineTuneOptions options = (shape with { Epochs = WarmEpochs, Batch = 1 }).Options() with { Optimizer = new Sgd { LearningRate = 1e-6f } };
        // Its buffers alone: the plan's allowance is what is measured.
        long planned = -FineTunePlan.RuntimeBytes + Fit(model, samples.Take(WarmSamplesOfThread * shape.Threads), options);
        Thread.Sleep(300);
        // The memory of that run goes back to the system, or it would count twice: what is kept for a next cache, too.
        SpareMemory.Take(1);
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        if (arguments[^1] == "run")
            planned = Fit(model, samples, shape.Options());
        Console.WriteLine($"{PeakBytes()} {planned}");
        return 0;
    }

    private static long Fit(Model model, DataSet samples, FineTuneOptions options)
    {
        using FineTuner tuner = model.CreateFineTuner(options);
        tuner.Fit(samples);
        return tuner.Plan.PeakBytes(samples.Count);
    }

    private static TensorDataSet MakeSamples(int count, Shape shape)
    {
        Tensor values = new(shape.Prepend(count));
        new SeededRandom(0, stream: 2).FillUniform(values.Span, 1);
        int[] labels = new int[count];
        for (int i = 0; i < count; i++)
            labels[i] = i % 10;
        return new TensorDataSet(values, labels, 10);
    }

    // VmHWM: the most that was ever resident.
    private static long PeakBytes()
    {
        string line = File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}
