using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Skiptune.Compare.Machine;

/// <summary>What was measured on.</summary>
internal sealed record MachineFacts(string Processor, int Processors, ImmutableArray<string> Caches, string OperatingSystem, string Memory, string Runtime)
{
    public static MachineFacts Read() => new(
        Field("/proc/cpuinfo", "model name") ?? RuntimeInformation.ProcessArchitecture.ToString(),
        Environment.ProcessorCount,
        [.. ReadCaches()],
        Field("/etc/os-release", "PRETTY_NAME", '=') ?? RuntimeInformation.OSDescription,
        string.Create(CultureInfo.InvariantCulture, $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1 << 30):F0} GiB"),
        RuntimeInformation.FrameworkDescription);

    private static IEnumerable<string> ReadCaches()
    {
        for (int index = 0; Directory.Exists(Folder(index)); index++)
        {
            if (Text(index, "level") is { } level && Text(index, "type") is { } type && Text(index, "size") is { } size)
                yield return $"L{level} {type.ToLowerInvariant()} {size}";
        }

        static string Folder(int index) => $"/sys/devices/system/cpu/cpu0/cache/index{index}";
        static string? Text(int index, string name)
        {
            string path = Path.Combine(Folder(index), name);
            return File.Exists(path) ? File.ReadAllText(path).Trim() : null;
        }
    }

    private static string? Field(string path, string name, char separator = ':')
    {
        if (!File.Exists(path))
            return null;
        string? line = File.ReadLines(path).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal));
        return line?[(line.IndexOf(separator, StringComparison.Ordinal) + 1)..].Trim().Trim('"');
    }
}
