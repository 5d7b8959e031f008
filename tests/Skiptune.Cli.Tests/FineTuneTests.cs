using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Skiptune.Cli.Tests;

public sealed class FineTuneTests : CliTest
{
    private const string Tensors = "adapter_model.safetensors";
    private const string Config = "adapter_config.json";
    private const string Few = "--epochs 2 --train-samples 256";

    [Fact]
    public void WhatFineTuneWritesEvaluateReads()
    {
        ProcessRun tuning = Succeed("finetune --epochs 2 --json tuning.json --valid", Sample);
        Assert.Equal([Config, Tensors], Directory.GetFiles(In("adapters")).Select(file => Path.GetFileName(file)!).Order());
        // The last line says how to evaluate: do just that.
        string hint = Regex.Match(tuning.Output, "^evaluate +skiptune (?<arguments>.*)$", RegexOptions.Multiline, TimeSpan.FromSeconds(1)).Groups["arguments"].Value;
        Succeed($"{hint} --json tuned.json");
        Succeed("evaluate --json base.json");
        double tuned = Json("tuned.json").GetProperty("accuracy").GetDouble();
        double plain = Json("base.json").GetProperty("accuracy").GetDouble();
        Assert.InRange(plain, 0.03, 0.16);
        Assert.InRange(tuned, 0.55, 0.95);
        JsonElement tuning2 = Json("tuning.json");
        Assert.Equal(tuned, tuning2.GetProperty("validation_accuracy").GetDouble(), 6);
        Assert.Equal("skip2-lora", tuning2.GetProperty("method").GetString());
        Assert.Equal("int4", tuning2.GetProperty("cache").GetString());
        Assert.InRange(tuning2.GetProperty("cache_bytes").GetInt64(), 1, 1_036_288);
    }

    [Fact]
    public void TheSameSeedGivesTheSameBytesOnOneAndTwoThreads()
    {
        Succeed($"finetune {Few} --seed 7 --threads 1 --adapter-path one");
        Succeed($"finetune {Few} --seed 7 --threads 2 --adapter-path two");
        Succeed($"finetune {Few} --seed 8 --threads 2 --adapter-path other");
        foreach (string file in (string[])[Tensors, Config])
            Assert.Equal(File.ReadAllBytes(In($"one/{file}")), File.ReadAllBytes(In($"two/{file}")));
        Assert.NotEqual(File.ReadAllBytes(In($"one/{Tensors}")), File.ReadAllBytes(In($"other/{Tensors}")));
    }

    [Fact]
    public void EveryOptionReachesTheTraining()
    {
        Succeed(
            $"finetune {Few} --method lora-all --rank 2 --alpha 3.5 --batch-size 32 --optimizer momentum --momentum 0.8 --learning-rate 0.02 "
            + "--weight-decay 0.001 --schedule constant --warmup-steps 4 --tail keep --rotate 30 --json run.json");
        JsonElement config = Json($"adapters/{Config}");
        Assert.Equal("lora-all", config.GetProperty("skiptune_method").GetString());
        Assert.Equal(2, config.GetProperty("r").GetInt32());
        Assert.Equal(3.5, config.GetProperty("lora_alpha").GetDouble());
        Assert.Equal(2, Json("run.json").GetProperty("epochs").GetInt32());
        Assert.Equal(0, Json("run.json").GetProperty("cache_bytes").GetInt64());
    }

    [Fact]
    public void AnAdapterOfAnotherBaseIsRefused()
    {
        Succeed($"finetune {Few}");
        Succeed("pretrain --out other.onnx --epochs 1 --train-samples 64 --data", Sample);
        string line = Refuse(1, "evaluate --model other.onnx --adapter-path adapters");
        Assert.Contains("adapters: the adapter was made for another base model", line, StringComparison.Ordinal);
    }

    [Fact]
    public void ADamagedAdapterIsRefused()
    {
        Succeed($"finetune {Few}");
        string path = In($"adapters/{Tensors}");
        byte[] whole = File.ReadAllBytes(path);
        File.WriteAllBytes(path, whole[..^5]);
        Assert.Contains("adapters", Refuse(1, "evaluate --adapter-path adapters"), StringComparison.Ordinal);
        byte[] changed = [.. whole];
        changed[^5] ^= 1;
        File.WriteAllBytes(path, changed);
        Assert.Contains(Tensors, Refuse(1, "evaluate --adapter-path adapters"), StringComparison.Ordinal);
        File.WriteAllBytes(path, whole);
        File.WriteAllText(In($"adapters/{Config}"), "{ \"r\": ");
        Assert.Contains(Config, Refuse(1, "evaluate --adapter-path adapters"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(15)]
    public void AnInterruptedTrainingKeepsTheLastWholeEpoch(int signal)
    {
        if (OperatingSystem.IsWindows())
            return;
        int epochsSeen = 0;
        ProcessRun run = Run(
            (process, line) =>
            {
                if (line.StartsWith("epoch", StringComparison.Ordinal) && ++epochsSeen == 3)
                    _ = Kill(process.Id, signal);
            },
            "finetune --epochs 100000");
        Assert.Equal(1, run.Code);
        string line = Assert.Single(run.ErrorLines);
        Match match = Regex.Match(line, "^error: interrupted: adapters holds the adapter of the last whole epoch, (?<epoch>[0-9]+) of 100000$", RegexOptions.None, TimeSpan.FromSeconds(1));
        Assert.True(match.Success, line);
        Assert.InRange(int.Parse(match.Groups["epoch"].Value, CultureInfo.InvariantCulture), 3, 99_999);
        Succeed("evaluate --adapter-path adapters");
    }

    [Fact]
    public void ATrainingInterruptedInItsFirstEpochWritesNothing()
    {
        if (OperatingSystem.IsWindows())
            return;
        ProcessRun run = Run(
            (process, line) =>
            {
                // The line of the plan that comes right before the training; its first epoch takes seconds.
                if (line.StartsWith("kernels", StringComparison.Ordinal))
                    _ = Kill(process.Id, 2);
            },
            "finetune --method ft-all-lora --rank 512 --batch-size 1 --threads 1");
        Assert.Equal(1, run.Code);
        Assert.Equal("error: interrupted before the first epoch ended: no adapter was written", Assert.Single(run.ErrorLines));
        Assert.Empty(Directory.GetFileSystemEntries(Folder));
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
}
