using System.Globalization;
using System.Text.RegularExpressions;

namespace Skiptune.Hardware.Synthesis;

/// <summary>A path from a register to a register.</summary>
/// <param name="Nanoseconds">How long a signal takes, from clock to output of the first to the setup of the last.</param>
/// <param name="From">The first signal with a name of the RTL.</param>
/// <param name="To">The last.</param>
public sealed partial record TimingPath(double Nanoseconds, string From, string To)
{
    /// <summary>Reads what Yosys's sta wrote: the time, then the path backwards, cells and nets in turn.</summary>
    internal static TimingPath Read(IEnumerable<string> lines)
    {
        double? picoseconds = null;
        List<string> names = [];
        foreach (string line in lines)
        {
            if (Latest().Match(line) is { Success: true } latest)
                picoseconds = double.Parse(latest.Groups["picoseconds"].Value, CultureInfo.InvariantCulture);
            else if (Net().Match(line) is { Success: true } net && picoseconds is not null)
                names.Add(net.Groups["name"].Value);
            else if (line.StartsWith("Arrival", StringComparison.Ordinal))
                break;
        }
        return picoseconds is { } time && names.Count > 0
            ? new TimingPath(time / 1000, names[^1], names[0])
            : throw new SkiptuneException("Yosys's sta gave no path; use Yosys 0.23");
    }

    [GeneratedRegex(@"^Latest arrival time in '.*' is (?<picoseconds>\d+):", RegexOptions.ExplicitCapture)]
    private static partial Regex Latest();

    // A name that Yosys made begins with $ and not with a backslash.
    [GeneratedRegex(@"^\s+\\(?<name>\S+)( \[\d+\])?$", RegexOptions.ExplicitCapture)]
    private static partial Regex Net();
}
