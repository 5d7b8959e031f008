using System.Diagnostics;

namespace Skiptune.Cli.Tests;

public sealed class ResumeTests : CliTest
{
    private const string Tensors = "adapter_model.safetensors";
    private const string Config = "adapter_config.json";

    private const string Long = "finetune --method lora-all --optimizer momentum --train-samples 60 --epochs 80";
    private const string Short = "finetune --train-samples 200 --epochs 4";
    private const int Kills = 20;

    [Fact]
    public void ARunKilledAtTwentyRandomMomentsEndsInTheBytesOfOneWithoutInterruption()
    {
        // A run without interruption tells how long it takes to begin, and to train.
        Stopwatch clock = Stopwatch.StartNew();
        TimeSpan? begun = null;
        Assert.Equal(0, Run((_, line) => begun ??= IsEpoch(line) ? clock.Elapsed : null, $"{Long} --adapter-path whole").Code);
        TimeSpan training = clock.Elapsed - begun!.Value;

        Random random = new(20);
        int killedInTraining = 0;
        for (int killed = 0; killed < Kills;)
        {
            // Every other moment is anywhere from the start of the process to the first epochs, the rest after some
            // epoch: in a step, in the middle of a save, between two.
            bool anywhere = killed % 2 == 0;
            int epochs = 1 + random.Next(3);
            TimeSpan delay = random.NextDouble() * (anywhere ? begun.Value + training / 40 : training / 100);
            int seen = 0;
            ProcessRun run = Run(
                process =>
                {
                    if (anywhere)
                        KillAfter(process, delay);
                },
                (process, line) =>
                {
                    if (IsEpoch(line) && ++seen == epochs && !anywhere)
                        KillAfter(process, delay);
                },
                $"{Long} --checkpoint state --resume --adapter-path killed");
            Assert.Empty(run.Error);
            if (run.Code == 0)
            {
                // A machine that has become faster was done before the kill: again from the beginning.
                AssertSameAdapter("whole", "killed");
                Directory.Delete(In("state"), recursive: true);
                continue;
            }
            killed++;
            killedInTraining += seen > 0 ? 1 : 0;
        }
        Assert.InRange(killedInTraining, Kills / 2, Kills);
        Succeed($"{Long} --checkpoint state --resume --adapter-path killed");
        AssertSameAdapter("whole", "killed");
        // The state, its tensors and the lock: nothing of the kills is left.
        Assert.Equal(3, Directory.GetFiles(In("state")).Length);
    }

    [Fact]
    public void AFinishedRunIsNotRepeatedAndItsAdapterIsWrittenAgain()
    {
        Succeed($"{Short} --resume --adapter-path first");
        Assert.True(File.Exists(In("first/checkpoint/trainer_state.json")));
        ProcessRun again = Succeed($"{Short} --checkpoint first/checkpoint --resume --adapter-path second --json run.json");
        Assert.Contains("all 4 epochs done", again.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("epoch 4/4", again.Output, StringComparison.Ordinal);
        Assert.Equal(4, Json("run.json").GetProperty("resumed_epochs").GetInt32());
        AssertSameAdapter("first", "second");
    }

    [Fact]
    public void WithoutACheckpointARunSaysThatItStartsFromTheBeginning() =>
        Assert.Contains("none in adapters/checkpoint yet, from the beginning", Succeed($"{Short} --resume").Output.Replace('\\', '/'), StringComparison.Ordinal);

    [Fact]
    public void OtherSettingsThanTheCheckpointsAreRefusedByName()
    {
        Succeed($"{Short} --checkpoint state");
        Assert.Contains("another seed ('0', now '1')", Refuse(1, $"{Short} --checkpoint state --resume --seed 1"), StringComparison.Ordinal);
        Assert.Contains("another samples", Refuse(1, $"{Short} --checkpoint state --resume --rotate 10"), StringComparison.Ordinal);
        File.WriteAllText(In("state/trainer_state.json"), "{");
        Assert.Contains("trainer_state.json", Refuse(1, $"{Short} --checkpoint state --resume"), StringComparison.Ordinal);
    }

    [Fact]
    public void ACacheInAFileGivesTheSameAdapterAndLeavesNoFile()
    {
        Succeed($"{Short} --adapter-path memory");
        Succeed($"{Short} --cache-path rows --cache-limit 1K --adapter-path file");
        AssertSameAdapter("memory", "file");
        Assert.Equal([In("file"), In("memory")], Directory.GetFileSystemEntries(Folder).Order());
    }

    [Fact]
    public void ACacheThatHasNoRoomIsRefused()
    {
        Assert.Contains("--cache-path", Refuse(1, $"{Short} --cache-limit 100K"), StringComparison.Ordinal);
        Assert.Contains("nowhere/rows: ", Refuse(1, $"{Short} --cache-path nowhere/rows"), StringComparison.Ordinal);
    }

    private static bool IsEpoch(string line) => line.StartsWith("epoch", StringComparison.Ordinal);

    // SIGKILL, or TerminateProcess: the process does not learn of it.
    private static void KillAfter(Process process, TimeSpan delay)
    {
        Thread.Sleep(delay);
        process.Kill();
    }

    private void AssertSameAdapter(string one, string other)
    {
        foreach (string file in (string[])[Tensors, Config])
            Assert.Equal(File.ReadAllBytes(In($"{one}/{file}")), File.ReadAllBytes(In($"{other}/{file}")));
    }
}
