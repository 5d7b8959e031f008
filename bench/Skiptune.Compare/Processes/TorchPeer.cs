using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Skiptune.Compare.Results;

namespace Skiptune.Compare.Processes;

/// <summary>PyTorch with a number of threads, ready to train the reference task.</summary>
internal sealed class TorchPeer : IDisposable
{
    private readonly PeerProcess _process;

    private TorchPeer(PeerProcess process, int threads)
    {
        _process = process;
        Threads = threads;
    }

    public int Threads { get; }

    public string Version => (string)_process.Greeting["version"]!;

    /// <summary>The accuracy after each job's last run.</summary>
    public Dictionary<string, double> Accuracies { get; } = new(StringComparer.Ordinal);

    /// <summary>A Python that has PyTorch, or null.</summary>
    public static string? FindPython(string? named) => (named is null ? ["python3", "/usr/bin/python3"] : (string[])[named])
        .FirstOrDefault(python => Tool.TryRead(python, ["-c", "import torch"]) is not null);

    /// <summary>How a Python script of ours is started.</summary>
    public static ProcessStartInfo Script(string python, int threads, IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new(python, arguments);
        foreach (string variable in (string[])["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"])
            start.Environment[variable] = threads.ToString(CultureInfo.InvariantCulture);
        return start;
    }

    public static TorchPeer Start(string python, string taskFolder, int threads) =>
        new(PeerProcess.Start(Script(python, threads, [Clone.Peer("torch_peer.py"), taskFolder, $"{threads}"])), threads);

    /// <summary>Lets a job find its fastest variant, in about so many seconds.</summary>
    public void Tune(string job, int rounds, int seconds, Measurements results)
    {
        JsonObject answer = _process.Ask($"tune {job} {rounds} {seconds}");
        SortedDictionary<string, double> all = new(answer["variants"]!.AsObject().ToDictionary(pair => pair.Key, pair => (double)pair.Value!), StringComparer.Ordinal);
        results.Variants[$"{job}, {Threads} thread{(Threads == 1 ? "" : "s")}"] = ((string)answer["variant"]!, all);
    }

    /// <summary>Runs a job once; its milliseconds.</summary>
    public double Run(string job)
    {
        JsonObject answer = _process.Ask($"run {job}");
        Accuracies[job] = (double)answer["accuracy"]!;
        return (double)answer["ms"]!;
    }

    public void Dispose() => _process.Dispose();
}
