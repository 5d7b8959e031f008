using Skiptune.Compare.Measuring;
using Skiptune.Compare.Processes;
using Skiptune.Compare.Results;

namespace Skiptune.Compare.Jobs;

/// <summary>What the contests share: the task, the peers that are there, a folder for files, and how often to measure.</summary>
internal sealed class Setup : IDisposable
{
    private const int TuneRounds = 5;
    private const int TuneSeconds = 20;
    private const int QuickTuneSeconds = 5;
    private const int ContestSeconds = 120;
    private const int QuickContestSeconds = 30;
    private readonly Measurements _results;

    public Setup(CompareOptions options, Measurements results)
    {
        Options = options;
        _results = results;
        Task = ReferenceTask.Load(Path.Combine(Clone.Root, "assets"), options.Data);
        Folder = Directory.CreateTempSubdirectory("skiptune-compare").FullName;
        TaskFiles.Write(Task, Folder);
        Python = TorchPeer.FindPython(options.Python);
        if (Python is null)
            results.Miss("PyTorch", options.Python is null ? "no Python here has it; install the packages python3-torch and libopenblas0-pthread" : $"{options.Python} has no module torch");
    }

    public CompareOptions Options { get; }

    public ReferenceTask Task { get; }

    /// <summary>Scratch, deleted at the end; holds the task's arrays.</summary>
    public string Folder { get; }

    public string? Python { get; }

    /// <summary>PyTorch with each number of threads, started at the first use.</summary>
    public IReadOnlyList<TorchPeer> Torch => field ??= StartTorch();

    public Effort Effort(int rounds) => Options.Quick ? new Effort(2, Math.Min(rounds, 3), QuickContestSeconds) : new Effort(5, rounds, ContestSeconds);

    /// <summary>A contestant for each PyTorch, each with its fastest variant.</summary>
    public IEnumerable<Contestant> TorchContestants(string job)
    {
        foreach (TorchPeer peer in Torch)
        {
            try
            {
                peer.Tune(job, Options.Quick ? 1 : TuneRounds, Options.Quick ? QuickTuneSeconds : TuneSeconds, _results);
            }
            catch (SkiptuneException exception)
            {
                _results.Miss($"PyTorch's {job} with {peer.Threads} thread(s)", exception.Message);
                continue;
            }
            yield return new Contestant($"torch_{job}", peer.Threads, () => peer.Run(job));
        }
    }

    /// <summary>Notes the accuracies that both sides reached; ours is that of any number of threads.</summary>
    public void CompareAccuracy(string job, FineTuneJob ours)
    {
        if (Torch is [{ } first, ..] && first.Accuracies.TryGetValue(job, out double torch) && ours.Accuracy() is { } accuracy)
            _results.Accuracies.Add(new AccuracyPair(job, accuracy, torch));
    }

    public void Dispose()
    {
        if (Python is not null)
        {
            foreach (TorchPeer peer in Torch)
                peer.Dispose();
        }
        Directory.Delete(Folder, recursive: true);
    }

    private List<TorchPeer> StartTorch()
    {
        List<TorchPeer> peers = [];
        foreach (int threads in Python is null ? [] : Measurements.ThreadCounts)
        {
            try
            {
                peers.Add(TorchPeer.Start(Python!, Folder, threads));
                _results.Versions["PyTorch"] = peers[^1].Version;
            }
            catch (SkiptuneException exception)
            {
                _results.Miss($"PyTorch with {threads} thread(s)", exception.Message);
            }
        }
        return peers;
    }
}
