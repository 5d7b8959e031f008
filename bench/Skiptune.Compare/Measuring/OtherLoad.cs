using System.Diagnostics;
using System.Globalization;

namespace Skiptune.Compare.Measuring;

/// <summary>
/// How busy other processes keep the machine while something is measured: what /proc/stat counts as busy, less what this
/// process and its children used. Unknown (NaN) where there is no /proc/stat.
/// </summary>
internal sealed class OtherLoad
{
    /// <summary>With more of it than this, in processors, times are not to be trusted.</summary>
    public const double Most = 0.1;

    // Linux counts in hundredths of a second for user programs, whatever the kernel's own tick.
    private const double TicksPerSecond = 100;

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly double _start = OtherSeconds();

    private OtherLoad()
    {
    }

    public static OtherLoad Start() => new();

    /// <summary>The load of others since the start, in processors.</summary>
    public double Processors() => Math.Max(0, OtherSeconds() - _start) / _clock.Elapsed.TotalSeconds is double load && double.IsFinite(load) ? load : double.NaN;

    /// <summary>The load of others over a moment in which this process does nothing.</summary>
    public static double Now()
    {
        OtherLoad load = Start();
        Thread.Sleep(1000);
        return load.Processors();
    }

    private static double OtherSeconds()
    {
        try
        {
            // user nice system idle iowait irq softirq steal
            double[] ticks = Numbers(File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1));
            double busy = ticks[0] + ticks[1] + ticks[2] + ticks[5] + ticks[6] + ticks[7];
            return (busy - OwnTicks()) / TicksPerSecond;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return double.NaN;
        }
    }

    // This process, its living children and those it has waited for.
    private static double OwnTicks()
    {
        double own = 0;
        HashSet<int> tree = [Environment.ProcessId];
        List<(int Id, int Parent, double Ticks)> all = [.. Directory.EnumerateDirectories("/proc").Select(Read).Where(one => one.Id > 0)];
        for (int before = 0; before != tree.Count;)
        {
            before = tree.Count;
            tree.UnionWith(all.Where(one => tree.Contains(one.Parent)).Select(one => one.Id));
        }
        foreach ((int id, _, double ticks) in all)
            own += tree.Contains(id) ? ticks : 0;
        return own;
    }

    private static (int Id, int Parent, double Ticks) Read(string folder)
    {
        if (!int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out int id))
            return default;
        try
        {
            string text = File.ReadAllText(Path.Combine(folder, "stat"));
            // The name, in parentheses, may hold anything; then: state parent ... utime stime cutime cstime.
            string[] fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return (id, int.Parse(fields[1], CultureInfo.InvariantCulture), Numbers(fields[11..15]).Sum());
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return default;
        }
    }

    private static double[] Numbers(IEnumerable<string> words) => [.. words.Select(word => double.Parse(word, CultureInfo.InvariantCulture))];
}
