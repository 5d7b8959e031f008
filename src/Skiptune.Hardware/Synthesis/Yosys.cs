using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.ExceptionServices;
using Skiptune.Hardware.Simulation;

namespace Skiptune.Hardware.Synthesis;

/// <summary>A script of Yosys.</summary>
/// <param name="Name">What its files are called.</param>
/// <param name="Commands">Its commands.</param>
internal sealed record YosysScript(string Name, IEnumerable<string> Commands);

/// <summary>Runs Yosys (0.23 or later) over the RTL.</summary>
internal static class Yosys
{
    /// <summary>Mapping to the part. Yosys has no delays of UltraScale+ and takes those of the 7 series, which are longer.</summary>
    public const string Map = "synth_xilinx -abc9 -family xcup -uram -noiopad -noclkbuf -flatten -top";

    /// <summary>Commands that read all RTL, which lies in the folder of the script, and choose a module with its parameters.</summary>
    public static IEnumerable<string> Read(string module, IReadOnlyDictionary<string, long> parameters) =>
    [
        $"read_verilog -sv {string.Join(' ', RtlSources.Files)}",
        $"hierarchy -check -top {module}{string.Concat(parameters.Select(pair => string.Create(CultureInfo.InvariantCulture, $" -chparam {pair.Key} {pair.Value}")))}",
    ];

    /// <summary>Runs a script; leaves name.ys and name.log in the folder.</summary>
    /// <exception cref="SkiptuneException">Yosys is not installed, or failed.</exception>
    public static void Run(string folder, YosysScript script, CancellationToken cancellationToken)
    {
        File.WriteAllLines(Path.Combine(folder, $"{script.Name}.ys"), script.Commands);
        Toolchain.Run(folder, "yosys", ["-q", "-l", $"{script.Name}.log", $"{script.Name}.ys"], cancellationToken);
    }

    /// <summary>Runs scripts that do not depend on each other, one a processor, the first first.</summary>
    /// <exception cref="SkiptuneException">Yosys is not installed, or failed.</exception>
    public static void RunAll(string folder, IEnumerable<YosysScript> scripts, Action<YosysScript>? ended, CancellationToken cancellationToken)
    {
        ParallelOptions options = new() { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken };
        try
        {
            // One by one: taken in bunches, the last bunch would keep one processor busy and the others idle.
            Parallel.ForEach(Partitioner.Create(scripts, EnumerablePartitionerOptions.NoBuffering), options, script =>
            {
                Run(folder, script, cancellationToken);
                ended?.Invoke(script);
            });
        }
        catch (AggregateException failures)
        {
            ExceptionDispatchInfo.Throw(failures.InnerExceptions[0]);
        }
    }
}
