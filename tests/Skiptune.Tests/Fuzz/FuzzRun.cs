using System.Diagnostics;
using System.Globalization;
using Skiptune.Numerics;

namespace Skiptune.Tests.Fuzz;

/// <summary>
/// Damaged files of every form that is read. Each loads or is refused in one line that names it, within
/// <see cref="LongestCase"/>, and allocates at most <see cref="FuzzForm.FixedBytes"/> +
/// <see cref="FuzzForm.BytesPerByte"/> x its length. The files are functions of the seed, the form and a number, so a
/// failure is repeated by the variable SKIPTUNE_FUZZ=SEED/FORM/NUMBER that it prints; SKIPTUNE_FUZZ=SEED makes other files.
/// </summary>
[Collection(nameof(FuzzRun))]
[CollectionDefinition(nameof(FuzzRun), DisableParallelization = true)] // cases are timed
public sealed class FuzzRun(ITestOutputHelper output) : IDisposable
{
    private const string Variable = "SKIPTUNE_FUZZ";
    private const long UsualSeed = 20;

    // Most take less than a millisecond; the first of a form compiles its code.
    private static readonly TimeSpan LongestCase = TimeSpan.FromSeconds(5);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("skiptune-fuzz-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Damaged_files_load_or_are_refused_in_one_line()
    {
        string[] chosen = Environment.GetEnvironmentVariable(Variable)?.Split('/') ?? [];
        long seed = chosen.Length > 0 ? long.Parse(chosen[0], CultureInfo.InvariantCulture) : UsualSeed;
        FuzzForm[] forms =
        [
            new OnnxFuzz(), new SafetensorsFuzz(), new NpyFuzz(), new PngFuzz(), new CsvFuzz(), new NpzFuzz(), new IdxFuzz(), new CifarFuzz(), new PnmFuzz(), new WavFuzz(),
            new AdapterConfigFuzz(), new TrainerStateFuzz(),
        ];
        if (chosen.Length == 3)
        {
            Watch(Array.Find(forms, form => form.Name == chosen[1])!, seed, int.Parse(chosen[2], CultureInfo.InvariantCulture), 1);
            return;
        }
        int all = 0;
        foreach (FuzzForm form in forms)
        {
            FuzzCount count = Watch(form, seed, 0, form.Cases);
            all += form.Cases;
            string line = string.Create(CultureInfo.InvariantCulture, $"{form.Name,-15} {count.Loaded,5} loaded {count.Refused,5} refused {count.Elapsed.TotalSeconds,5:F1} s, at most {count.Peak / 1024.0:F0} kB, {100 * count.PeakShare:F0} % of the bound");
            output.WriteLine(line);
            Console.WriteLine(line);
            Assert.True(count.Loaded > form.Cases / 50 && count.Refused > form.Cases / 50, $"{form.Name}: {count.Loaded} loaded and {count.Refused} refused: a good part of both is needed to say anything");
        }
        Assert.True(all >= 10_000);
    }

    private FuzzCount Watch(FuzzForm form, long seed, int first, int cases)
    {
        FuzzWorker worker = new(form, seed, new TempArea(_folder.FullName));
        foreach (byte[] whole in form.Seeds.Distinct())
            worker.LoadSeed(whole);
        // A case that never ends cannot be ended, only left behind: the thread goes with the process.
        Thread thread = new(() => worker.Run(first, cases), 16 << 20) { IsBackground = true };
        thread.Start();
        while (!thread.Join(100))
        {
            if (worker.CaseStarted is { } start && Stopwatch.GetElapsedTime(start) > LongestCase)
                Assert.Fail(worker.Describe($"has not ended after {LongestCase.TotalSeconds} s"));
        }
        if (worker.Failure is { } failure)
            Assert.Fail(failure);
        return worker.Count;
    }
}

/// <summary>What came of the files of a form.</summary>
/// <param name="Loaded">How many loaded.</param>
/// <param name="Refused">How many were refused in one line.</param>
/// <param name="Peak">The most bytes that one allocated.</param>
/// <param name="PeakShare">The largest part of its bound that one allocated.</param>
/// <param name="Elapsed">The time of all.</param>
internal sealed record FuzzCount(int Loaded, int Refused, long Peak, double PeakShare, TimeSpan Elapsed);

/// <summary>Makes and loads the files of one form, on a thread of its own.</summary>
internal sealed class FuzzWorker(FuzzForm form, long seed, TempArea area)
{
    private int _case;
    private long _started;

    /// <summary>When the present case started, or null.</summary>
    public long? CaseStarted => Volatile.Read(ref _started) is var start and not 0 ? start : null;

    /// <summary>What went wrong, or null.</summary>
    public string? Failure { get; private set; }

    public FuzzCount Count { get; private set; } = new(0, 0, 0, 0, default);

    public void LoadSeed(byte[] whole)
    {
        try
        {
            form.Load(form.Put(area, whole));
        }
        catch (SkiptuneException)
        {
            // Kinds that are not supported are seeds too.
        }
    }

    public void Run(int first, int cases)
    {
        long start = Stopwatch.GetTimestamp();
        for (_case = first; _case < first + cases && Failure is null; _case++)
        {
            Volatile.Write(ref _started, Stopwatch.GetTimestamp());
            try
            {
                RunCase();
            }
            catch (Exception error)
            {
                Failure = Describe(error.ToString());
            }
            Volatile.Write(ref _started, 0);
        }
        Count = Count with { Elapsed = Stopwatch.GetElapsedTime(start) };
    }

    public string Describe(string problem) => $"SKIPTUNE_FUZZ={seed}/{form.Name}/{_case}: {problem}";

    private void RunCase()
    {
        // A stream for each case: any of them can be made alone.
        Mutator mutator = new(new SeededRandom(seed, (form.Name[0] << 24) + (form.Name[^1] << 20) + _case));
        byte[] bytes = form.Mutate(mutator, [.. mutator.Pick(form.Seeds)], [.. mutator.Pick(form.Seeds)]);
        string path = form.Put(area, bytes);
        long before = GC.GetAllocatedBytesForCurrentThread();
        SkiptuneException? refusal = null;
        try
        {
            form.Load(path);
        }
        catch (SkiptuneException error)
        {
            refusal = error;
        }
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        long bound = form.FixedBytes + (long)form.BytesPerByte * bytes.Length;
        if (allocated > bound)
            Failure = Describe($"a file of {bytes.Length} bytes allocated {allocated}, more than {bound} ({refusal?.Message ?? "loaded"})");
        else if (refusal is not null && (!refusal.Message.StartsWith(path, StringComparison.Ordinal) || refusal.Message.Any(c => char.IsControl(c) || c is '\u2028' or '\u2029')))
            Failure = Describe($"the error is not one line that names the file: {refusal.Message}");
        Count = new FuzzCount(
            Count.Loaded + (refusal is null ? 1 : 0),
            Count.Refused + (refusal is null ? 0 : 1),
            Math.Max(Count.Peak, allocated),
            Math.Max(Count.PeakShare, (double)allocated / bound),
            default);
    }
}
