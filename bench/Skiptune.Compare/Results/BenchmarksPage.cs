using System.Globalization;
using System.Text;
using Skiptune.Compare.Measuring;
using Skiptune.Compare.Scaling;
using Skiptune.Files;

namespace Skiptune.Compare.Results;

/// <summary>docs/benchmarks.md, and beside it the plot.</summary>
internal static class BenchmarksPage
{
    private const string PlotName = "benchmarks-scaling.svg";

    public static void Write(string path, Report report)
    {
        AtomicFile.Write(path, Encoding.UTF8.GetBytes(Of(report)));
        if (report.Results.Scaling is { } scaling)
            AtomicFile.Write(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, PlotName), Encoding.UTF8.GetBytes(ScalingPlot.Of(scaling)));
    }

    private static string Of(Report report)
    {
        StringBuilder page = new();
        page.AppendLine("# Benchmarks").AppendLine();
        page.AppendLine("Written by the command under [How to reproduce](#how-to-reproduce); not by hand.").AppendLine();
        if (report.Warning is { } warning)
            page.AppendLine(CultureInfo.InvariantCulture, $"> **{warning}**").AppendLine();
        Environment(page, report);
        Targets(page, report.Results);
        Times(page, report.Results);
        Details(page, report.Results);
        Scaling(page, report.Results.Scaling);
        Missing(page, report.Results);
        page.Append(Method);
        return page.ToString();
    }

    private static void Environment(StringBuilder page, Report report)
    {
        (Machine.MachineFacts machine, Measurements results) = (report.Machine, report.Results);
        page.AppendLine("| | |").AppendLine("|---|---|");
        Row("processor", $"{machine.Processor}, {machine.Processors} cores");
        Row("caches", string.Join(", ", machine.Caches));
        Row("memory", machine.Memory);
        Row("system", machine.OperatingSystem);
        Row("runtime", machine.Runtime);
        Row("kernels", Numerics.KernelSet.Current.Name);
        foreach ((string name, string version) in results.Versions)
            Row(name, version);
        Row("FMA peak of one core, GFLOP/s", string.Join(", ", results.FmaPeaks.Select(pair => $"{TerminalTable.Number(pair.Value)} at {pair.Key} bits")));
        Row("memory bandwidth (triad), GB/s", string.Join(", ", results.Bandwidths.Select(pair => $"{TerminalTable.Number(pair.Value)} with {Count(pair.Key)}")));
        Row("load of other processes", string.Create(CultureInfo.InvariantCulture, $"at most {results.OtherLoads.Values.Max():F2} processors"));
        Row("commit", report.Commit ?? "unknown");
        Row("date", report.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        page.AppendLine();

        void Row(string name, string value) => page.AppendLine(CultureInfo.InvariantCulture, $"| {name} | {value} |");
    }

    private static void Targets(StringBuilder page, Measurements results)
    {
        page.AppendLine("## Against the targets").AppendLine();
        page.AppendLine(CultureInfo.InvariantCulture, $"| | target | {string.Join(" | | ", Measurements.ThreadCounts.Select(Count))} | |");
        page.AppendLine("|---|---|---|---|---|---|");
        var sections = Measurements.ThreadCounts.Select(threads => Ratios.Of(results, threads).ToDictionary(one => one.Target, one => one.Value)).ToArray();
        foreach (Target target in Target.All)
        {
            page.AppendLine(CultureInfo.InvariantCulture, $"| {target.Says} | {target.Describe().Replace("<=", "≤", StringComparison.Ordinal).Replace(">=", "≥", StringComparison.Ordinal)} | {string.Join(" | ", sections.Select(section => $"{TerminalTable.Number(section[target])} | {target.Verdict(section[target])}"))} |");
        }
        page.AppendLine().AppendLine("PyTorch counts at its faster of 1 and 2 threads where the row does not say otherwise. Shares are of one core's peak, so one thread makes them.").AppendLine();
    }

    private static void Times(StringBuilder page, Measurements results)
    {
        page.AppendLine("## Times").AppendLine();
        page.AppendLine(CultureInfo.InvariantCulture, $"| median, ms (least .. most) | {string.Join(" | ", Measurements.ThreadCounts.Select(Count))} |");
        page.AppendLine("|---|---|---|");
        foreach (string name in Measurements.ThreadCounts.SelectMany(threads => results.All(threads).Keys).Distinct().Order(StringComparer.Ordinal))
            page.AppendLine(CultureInfo.InvariantCulture, $"| {name.Replace('_', ' ')} | {string.Join(" | ", Measurements.ThreadCounts.Select(threads => Cell(results.All(threads).GetValueOrDefault(name))))} |");
        page.AppendLine();
        if (results.Accuracies.Count > 0)
            page.AppendLine("Both sides train to the same result: accuracy on 1024 other images, one thread.").AppendLine().AppendLine("| | Skiptune % | PyTorch % |").AppendLine("|---|---|---|");
        foreach (AccuracyPair pair in results.Accuracies)
            page.AppendLine(CultureInfo.InvariantCulture, $"| {pair.Job.Replace('_', ' ')} | {100 * pair.Ours:F1} | {100 * pair.Torch:F1}{(pair.Agree ? "" : " **differs**")} |");
        if (results.Variants.Count > 0)
            page.AppendLine().AppendLine("PyTorch's fastest way of writing each job here; the times of all are in the JSON.").AppendLine();
        foreach ((string job, (string fastest, SortedDictionary<string, double> all)) in results.Variants)
            page.AppendLine(CultureInfo.InvariantCulture, $"- {job.Replace('_', ' ')}: {fastest} (of {all.Count} tried)");
        page.AppendLine();

        static string Cell(Timings? times) => times is null ? "" : $"{TerminalTable.Number(times.Median)} ({TerminalTable.Number(times.Least)} .. {TerminalTable.Number(times.Most)})";
    }

    private static void Details(StringBuilder page, Measurements results)
    {
        page.AppendLine("## More ratios").AppendLine();
        page.AppendLine(CultureInfo.InvariantCulture, $"| | {string.Join(" | ", Measurements.ThreadCounts.Select(Count))} |").AppendLine("|---|---|---|");
        Dictionary<string, double?>[] sections = [.. Measurements.ThreadCounts.Select(threads => Ratios.Details(results, threads).ToDictionary(one => one.Key, one => one.Value, StringComparer.Ordinal))];
        foreach (string key in sections[0].Keys)
            page.AppendLine(CultureInfo.InvariantCulture, $"| `{key}` | {string.Join(" | ", sections.Select(section => TerminalTable.Number(section[key])))} |");
        page.AppendLine();
    }

    private static void Scaling(StringBuilder page, ScalingResult? scaling)
    {
        if (scaling is null)
            return;
        page.AppendLine("## Scaling").AppendLine();
        page.AppendLine(CultureInfo.InvariantCulture, $"![How the time of Skip2-LoRA grows with samples, epochs, rank, taps, batch and threads, and its memory with samples]({PlotName})").AppendLine();
        page.AppendLine("One quantity changes, the others are those of the reference task; one thread unless it says otherwise.").AppendLine();
        foreach (string slope in scaling.Slopes)
            page.AppendLine(CultureInfo.InvariantCulture, $"- {slope}");
        if (scaling.Memory.IsEmpty)
            return;
        page.AppendLine().AppendLine("| memory | cache | measured MB | planned MB | |").AppendLine("|---|---|---|---|---|");
        foreach (MemoryPoint point in scaling.Memory)
            page.AppendLine(CultureInfo.InvariantCulture, $"| {point.What} | {point.Cache} | {point.Measured / 1e6:F1} ± {point.Noise / 1e6:F1} | {point.Planned / 1e6:F1} | {(point.IsWithin ? "within" : "**more**")} |");
        page.AppendLine().AppendLine("Measured: the peak resident memory of a process (VmHWM) less that of one that holds the same samples, compiles the").AppendLine("same code and trains on 32 of them for each thread; ± what equal processes differ by. Planned: `FineTunePlan.PeakBytes`.").AppendLine();
    }

    private static void Missing(StringBuilder page, Measurements results)
    {
        if (results.Missing.Count == 0)
            return;
        page.AppendLine("## Not measured").AppendLine();
        foreach (string missing in results.Missing)
            page.AppendLine(CultureInfo.InvariantCulture, $"- {missing}");
        page.AppendLine();
    }

    private static string Count(int threads) => threads == 1 ? "1 thread" : $"{threads} threads";

    private const string Method =
        """
        ## What is measured, and how

        - **The task**: the embedded LeNet, 1024 rotated images of Fashion-MNIST already loaded as float32, 10 epochs, batches
          of 20 (the last ones spread: 36 of 20, 16 of 19), rank 4, SGD 0.05 at a constant rate; for `adam` 0.01. Both sides
          start from the same weights and adapters, and see the samples in the same order.
        - **Our time** runs from the options to the trained adapter: planning, initial values, shuffling, the fill of the cache
          and all steps. PyTorch's time begins when initial values and orders are there already.
        - **PyTorch** trains Skip2-LoRA by hand: no autograd, in-place updates. Each number of threads tries several ways to
          fill the cache and several loops, eager and TorchScript, and the fastest competes. LoRA-All and FT-All use autograd,
          eager or TorchScript, with the optimizer or with fused updates, whichever is fastest; LoRA-All also with the adapters
          merged into the weights before each forward pass. It comes as Debian packages it, with OpenBLAS.
        - **ONNX Runtime** runs in Node.js with all graph optimizations and as many threads; its outputs are compared with ours.
        - **Turns**: peers are processes that stay alive and measure themselves, so that nobody's start-up counts. All
          contestants of a part take turns (A B C A B C ...) after a warm-up, and the median counts. What takes less than
          0.2 s runs again and again for 0.1 s and once more, and only the last counts, on every side: before that, what the others
          have pushed out of the caches comes back, and the processors from the pause.
        - **The whole process** is timed from its start to its end: `dotnet Skiptune.Cli.dll finetune`, compiled
          beforehand for this processor as docs/ship.md says, where the compiler for it can be had (the plain build stands beside
          it), against a Python script that only
          reads the same compressed images, trains by hand and writes the adapter. Files are in the page cache.
        - **Shares of peak**: the adapter steps are 0.42 GFLOP (2564 tapped values, rank 4, forward and gradient), with the
          loss, the update and the reading of the rows in their time; the LeNet forward is 0.833 MFLOP a sample, batch 64. The peak is the best of many short
          runs of twelve independent chains of multiply-adds in registers, before and after.
        - **Idle**: what /proc/stat counts as busy and neither this command nor its peers used is others' load. Above 0.1
          processors the JSON says `"idle": false`, and this page says so at its top.

        ## How to reproduce

        ```sh
        apt-get install python3-torch libopenblas0-pthread nodejs
        npm install --prefix tests/onnxruntime --ignore-scripts
        dotnet run -c Release --project bench/Skiptune.Compare -- --json benchmarks.json --docs docs/benchmarks.md --scaling
        ```

        `--assets DIR` names the folder that holds `resnet20_cifar10` and `mobilenetv2_imagenet`; what is missing is left out and
        named. Each kernel by itself: `dotnet run -c Release --project bench/Skiptune.Kernels -- --filter '*'`.

        """;
}
