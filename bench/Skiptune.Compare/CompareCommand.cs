using Skiptune.Compare.Jobs;
using Skiptune.Compare.Machine;
using Skiptune.Compare.Measuring;
using Skiptune.Compare.Results;
using Skiptune.Compare.Scaling;
using Skiptune.Files;

namespace Skiptune.Compare;

/// <summary>Measures, prints, writes.</summary>
internal static class CompareCommand
{
    public static int Run(CompareOptions options)
    {
        CheckFolder(options.Json);
        CheckFolder(options.Docs);
        Measurements results = new();
        MachineFacts machine = MachineFacts.Read();
        results.OtherLoads["before"] = OtherLoad.Now();
        if (results.Idle == false)
            Console.Error.WriteLine(FormattableString.Invariant($"warning: other processes use {results.OtherLoads["before"]:F2} processors; the times will not be worth much"));
        Roofline.Measure(results, options.Quick);
        using (Setup setup = new(options, results))
        {
            foreach ((string part, Action<Setup, Measurements> measure) in Parts)
            {
                if (options.Measures(part))
                    measure(setup, results);
            }
            if (options.Scaling || options.Only.Contains("scaling"))
                results.Scaling = ScalingRun.Measure(setup, results);
        }
        // Once more: the best of both counts, for clocks change.
        Roofline.Measure(results, options.Quick);

        Report report = new(machine, Commit.Read(Processes.Clone.Root), DateTimeOffset.UtcNow, options.Quick, results);
        Console.Write(TerminalTable.Of(report));
        if (options.Json is { } json)
            AtomicFile.Write(json, ResultsJson.Of(report));
        if (options.Docs is { } docs)
            BenchmarksPage.Write(docs, report);
        return 0;
    }

    // Minutes pass before anything is written.
    private static void CheckFolder(string? file)
    {
        if (file is not null && !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(file))))
            throw new SkiptuneException($"{file} cannot be written: there is no such folder");
    }

    private static readonly (string Part, Action<Setup, Measurements> Measure)[] Parts =
    [
        ("skip2", Skip2Contest.Run),
        ("network", NetworkContest.Run),
        ("forward", ForwardContest.Run),
        ("process", ProcessContest.Run),
    ];
}
