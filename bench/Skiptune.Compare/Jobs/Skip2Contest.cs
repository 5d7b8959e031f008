using Skiptune.Compare.Measuring;
using Skiptune.Compare.Results;
using Skiptune.FineTuning;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.Compare.Jobs;

/// <summary>Skip2-LoRA: each cache format here, the fastest way by hand in PyTorch; with SGD and with Adam.</summary>
internal static class Skip2Contest
{
    private const int Rounds = 25;

    public static void Run(Setup setup, Measurements results)
    {
        Sgd sgd = new() { LearningRate = ReferenceTask.Rate };
        Adam adam = new() { LearningRate = ReferenceTask.AdamRate };
        List<Contestant> contestants = [];
        FineTuneJob? withSgd = null, withAdam = null;
        foreach (int threads in Measurements.ThreadCounts)
        {
            withSgd = Add("float32", CacheFormat.Float32, sgd, threads);
            Add("int4", CacheFormat.Int4, sgd, threads);
            Add("int2", CacheFormat.Int2, sgd, threads);
            withAdam = Add("adam", CacheFormat.Float32, adam, threads);
        }
        if (KernelSet.Available.FirstOrDefault(form => form.Name == "v128") is { } narrow)
            Add("v128", CacheFormat.Float32, sgd, 1, narrow);
        contestants = Mix(contestants, [.. setup.TorchContestants("skip2"), .. setup.TorchContestants("skip2_adam")]);
        Contest.Run("skip2", contestants, setup.Effort(Rounds), results);
        setup.CompareAccuracy("skip2", withSgd!);
        setup.CompareAccuracy("skip2_adam", withAdam!);

        FineTuneJob Add(string name, CacheFormat cache, Optimizer optimizer, int threads, KernelSet? kernels = null)
        {
            FineTuneJob job = new(setup.Task, ReferenceTask.Options(FineTuneMethod.Skip2Lora, cache, optimizer, threads, kernels));
            contestants.Add(new Contestant($"skiptune_skip2_{name}", threads, job.Run, job.Parts));
            return job;
        }
    }

    // The two sides take turns as far as they last.
    private static List<Contestant> Mix(List<Contestant> ours, List<Contestant> theirs)
    {
        List<Contestant> mixed = [];
        for (int i = 0; i < Math.Max(ours.Count, theirs.Count); i++)
            mixed.AddRange([.. ours.Skip(i).Take(1), .. theirs.Skip(i).Take(1)]);
        return mixed;
    }
}
