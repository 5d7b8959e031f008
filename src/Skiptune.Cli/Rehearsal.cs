using Skiptune.Data;
using Skiptune.FineTuning;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.Cli;

/// <summary>
/// A run as small as can be, on another processor, while this one reads the command line and the files: what the run needs
/// is compiled by the time it starts. A device starts the command for each job, and then compiling takes longer than the job.
/// </summary>
internal static class Rehearsal
{
    private const int Samples = 64;
    private const int Classes = 10;

    private static readonly TaskCompletionSource<FineTuneOptions> Options = new();

    /// <summary>Starts it; it ends by itself, or with the process. With one processor it would only be in the way.</summary>
    public static void Begin()
    {
        if (Environment.ProcessorCount > 1)
            new Thread(Run) { IsBackground = true, Name = "rehearsal" }.Start();
    }

    /// <summary>Tells it how the run will be.</summary>
    public static void Continue(FineTuneOptions options) => Options.TrySetResult(options);

    private static void Run()
    {
        try
        {
            Model model = new(ReferenceCnn.Create(1));
            TensorDataSet data = new(new Tensor(ReferenceCnn.SampleShape.Prepend(Samples)), new int[Samples], Classes);
            model.Predict(data, threads: 1);
            FineTuneOptions options = Options.Task.GetAwaiter().GetResult();
            using FineTuner tuner = model.CreateFineTuner(new FineTuneOptions { Method = options.Method, Optimizer = options.Optimizer, Cache = options.Cache, Epochs = 1, Threads = 1 });
            tuner.Fit(data).Adapter.ToContent();
        }
        catch (SkiptuneException)
        {
            // What does not suit the reference network may suit the user's; the run itself will say.
        }
    }
}
