using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Skiptune.Compare.Measuring;
using Skiptune.Compare.Processes;
using Skiptune.Compare.Results;

namespace Skiptune.Compare.Jobs;

/// <summary>
/// The job as a whole process, from its start to its end: compressed images and base in, adapter out. Files are in the
/// page cache for all.
/// </summary>
internal static class ProcessContest
{
    private const int Rounds = 9;

    public static void Run(Setup setup, Measurements results)
    {
        List<Contestant> contestants = [];
        if (!File.Exists(setup.Options.Cli))
            results.Miss("the finetune process", $"there is no {setup.Options.Cli}; build src/Skiptune.Cli in Release or name it with --cli");
        string? precompiled = Precompile(setup);
        if (precompiled is null)
            results.Miss("the precompiled finetune process", "dotnet publish -c Precompiled failed; the registry may lack its compiler");
        foreach (int threads in Measurements.ThreadCounts)
        {
            if (File.Exists(setup.Options.Cli))
                contestants.Add(new Contestant("skiptune_process", threads, () => Tool.Time(FineTune(setup, setup.Options.Cli, threads))));
            if (precompiled is not null)
                contestants.Add(new Contestant("skiptune_process_precompiled", threads, () => Tool.Time(FineTune(setup, precompiled, threads))));
            if (setup.Python is not null)
            {
                contestants.Add(new Contestant("torch_process_eager", threads, () => Tool.Time(Torch(setup, threads, []))));
                contestants.Add(new Contestant("torch_process_script", threads, () => Tool.Time(Torch(setup, threads, ["script"]))));
            }
        }
        Effort effort = setup.Effort(Rounds);
        // Once is enough for the page cache: there is nothing else to warm.
        Contest.Run("process", contestants, effort with { WarmUp = 1 }, results);
    }

    // As docs/ship.md says for devices that start the command for each job; null where that is not possible.
    private static string? Precompile(Setup setup)
    {
        string folder = Path.Combine(setup.Folder, "precompiled");
        string project = Path.Combine(Clone.Root, "src", "Skiptune.Cli", "Skiptune.Cli.csproj");
        Console.Error.WriteLine("precompiling the command");
        string[] level = Vector512.IsHardwareAccelerated ? ["-p:InstructionSet=x86-64-v4"] : [];
        return Tool.TryRead(
            "dotnet",
            ["publish", project, "-c", "Precompiled", "-r", RuntimeInformation.RuntimeIdentifier, "--no-self-contained", .. level, "-o", folder]) is null
            ? null
            : Path.Combine(folder, "Skiptune.Cli.dll");
    }

    private static ProcessStartInfo FineTune(Setup setup, string program, int threads) => new(
        "dotnet",
        [
            program, "finetune",
            "--data", setup.Options.Data, "--rotate", "75", "--train-samples", $"{ReferenceTask.Samples}",
            "--cache", "float32", "--optimizer", "sgd", "--learning-rate", FormattableString.Invariant($"{ReferenceTask.Rate}"), "--schedule", "constant",
            "--threads", $"{threads}", "--adapter-path", Path.Combine(setup.Folder, "adapter"),
        ]);

    private static ProcessStartInfo Torch(Setup setup, int threads, string[] more) => TorchPeer.Script(
        setup.Python!,
        threads,
        [
            Clone.Peer("torch_process.py"),
            Path.Combine(setup.Options.Data, "train-images-idx3-ubyte.gz"), Path.Combine(setup.Options.Data, "train-labels-idx1-ubyte.gz"),
            setup.Folder, Path.Combine(setup.Folder, "adapter.bin"), $"{threads}", .. more,
        ]);
}
