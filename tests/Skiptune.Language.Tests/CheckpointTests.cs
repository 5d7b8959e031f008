using Skiptune.Data;
using Skiptune.FineTuning;
using Skiptune.Language.FineTuning;
using Skiptune.Language.Models;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.Language.Tests;

/// <summary>Adapters written during a run.</summary>
public class CheckpointTests
{
    private static readonly DecoderMethodSettings Settings = new("skip2-lora");

    [Fact]
    public void A_snapshot_in_the_middle_of_a_run_is_what_a_run_of_as_many_steps_ends_with()
    {
        using DecoderModel model = Decoders.Random(Decoders.Tiny, tied: true, biases: false);
        using TempFolder folder = new();
        string? saved = null;
        // A constant rate: two epochs are the first half of four.
        FineTuneOptions options = new() { Method = Settings.Method, Epochs = 4, BatchSize = 4, Schedule = Schedule.Constant };
        Adapter whole = Fit(options, tuner => new Synchronous(step =>
        {
            Assert.Equal(4 * 8, step.Targets);
            if (step.Step is 6 or 12)
                saved = AdapterCheckpoints.Save(tuner.Snapshot(), Settings, folder.Path, step.Step, former: saved);
        }));
        Assert.Equal(folder.File("checkpoint-0000012"), Assert.Single(Directory.GetFileSystemEntries(folder.Path)));
        Adapter half = Fit(options with { Epochs = 2 }, _ => null);
        Adapter read = DecoderAdapter.Load(saved!);
        AssertSame(half, read);
        Assert.NotEqual(whole.Tensors.First().Value.Span.ToArray(), read.Tensors.First().Value.Span.ToArray());
        // And it is where another run can start.
        Assert.NotEqual(half.Tensors.First().Value.Span.ToArray(), Fit(options with { Epochs = 1, Start = read }, _ => null).Tensors.First().Value.Span.ToArray());

        Adapter Fit(FineTuneOptions chosen, Func<FineTuner, IProgress<StepProgress>?> steps)
        {
            using FineTuner tuner = model.CreateFineTuner(8, chosen);
            tuner.Steps = steps(tuner);
            return tuner.Fit(Data()).Adapter;
        }
    }

    [Fact]
    public void A_checkpoint_replaces_one_of_its_name_and_what_an_interrupted_run_left()
    {
        using DecoderModel model = Decoders.Random(Decoders.Tiny, tied: true, biases: false);
        using FineTuner tuner = model.CreateFineTuner(8, new FineTuneOptions { Method = Settings.Method, Epochs = 1, BatchSize = 4 });
        Assert.Throws<InvalidOperationException>(tuner.Snapshot);
        Adapter adapter = tuner.Fit(Data()).Adapter;
        using TempFolder folder = new();
        foreach (string left in (string[])["checkpoint-0000003", ".checkpoint-0000003.tmp"])
            File.WriteAllText(Path.Combine(Directory.CreateDirectory(folder.File(left)).FullName, "half"), "");
        string saved = AdapterCheckpoints.Save(adapter, Settings, folder.Path, 3);
        Assert.Equal(saved, Assert.Single(Directory.GetFileSystemEntries(folder.Path)));
        AssertSame(adapter, DecoderAdapter.Load(saved));
    }

    private static DataSet Data() => TokenWindows.Of([.. Enumerable.Range(0, 200).Select(i => 3 + i * i % 250)], 8, null, 259);

    private static void AssertSame(Adapter expected, Adapter actual)
    {
        Assert.Equal(expected.Tensors.Keys, actual.Tensors.Keys);
        foreach ((string name, Tensor tensor) in expected.Tensors)
            Assert.Equal(tensor.Span.ToArray(), actual.Tensors[name].Span.ToArray());
    }

    private sealed class Synchronous(Action<StepProgress> report) : IProgress<StepProgress>
    {
        public void Report(StepProgress value) => report(value);
    }
}
