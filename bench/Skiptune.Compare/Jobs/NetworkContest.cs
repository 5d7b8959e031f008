using Skiptune.Compare.Measuring;
using Skiptune.Compare.Results;
using Skiptune.FineTuning;
using Skiptune.Networks;

namespace Skiptune.Compare.Jobs;

/// <summary>The methods whose gradients pass through the whole network: LoRA-All and FT-All.</summary>
internal static class NetworkContest
{
    private const int Rounds = 7;

    public static void Run(Setup setup, Measurements results)
    {
        List<Contestant> contestants = [];
        FineTuneJob? lora = null, full = null;
        foreach (int threads in Measurements.ThreadCounts)
        {
            lora = Add("lora_all", FineTuneMethod.LoraAll, threads);
            full = Add("ft_all", FineTuneMethod.FtAll, threads);
        }
        foreach (string job in (string[])["lora_all", "lora_all_merged", "ft_all"])
            contestants.AddRange(setup.TorchContestants(job));
        Contest.Run("network", [.. contestants.OrderBy(one => one.Threads)], setup.Effort(Rounds), results);
        setup.CompareAccuracy("lora_all", lora!);
        setup.CompareAccuracy("lora_all_merged", lora!);
        setup.CompareAccuracy("ft_all", full!);

        FineTuneJob Add(string name, FineTuneMethod method, int threads)
        {
            FineTuneJob job = new(setup.Task, ReferenceTask.Options(method, null, new Sgd { LearningRate = ReferenceTask.Rate }, threads));
            contestants.Add(new Contestant($"skiptune_{name}", threads, job.Run));
            return job;
        }
    }
}
