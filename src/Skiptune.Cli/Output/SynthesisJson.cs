using System.Text.Json;
using Skiptune.Hardware;
using Skiptune.Hardware.Synthesis;

namespace Skiptune.Cli.Output;

/// <summary>What synthesis gave, as members of a JSON object.</summary>
internal static class SynthesisJson
{
    public static void Write(Utf8JsonWriter writer, SynthesisReport report, double clock, AcceleratorResult netlist, bool good)
    {
        writer.WriteString("part", "XCK26");
        writer.WriteNumber("lanes", report.Hardware.Lanes);
        writer.WriteNumber("rank", report.Hardware.Rank);
        writer.WriteStartObject("resources");
        foreach ((string name, double used, double available, double share) in report.Shares)
        {
            writer.WriteStartObject(name.ToLowerInvariant());
            writer.WriteNumber("used", used);
            writer.WriteNumber("available", available);
            writer.WriteNumber("share", Math.Round(share, 4));
            writer.WriteEndObject();
        }
        writer.WriteEndObject();
        writer.WriteNumber("most_share", SynthesisReport.MostShare);
        writer.WriteNumber("path_ns", report.PathNanoseconds);
        writer.WriteStartObject("whole_path");
        writer.WriteNumber("ns", report.WholePath.Nanoseconds);
        writer.WriteString("from", report.WholePath.From);
        writer.WriteString("to", report.WholePath.To);
        writer.WriteEndObject();
        writer.WriteNumber("clock_mhz", clock);
        writer.WriteStartArray("modules");
        foreach (MappedModuleReport module in report.Modules)
        {
            writer.WriteStartObject();
            writer.WriteString("module", module.Name);
            writer.WriteNumber("count", module.Count);
            foreach ((string name, double count) in module.Each.Named)
                writer.WriteNumber($"{name.ToLowerInvariant()}_each", count);
            writer.WriteNumber("path_ns", module.PathNanoseconds);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteBoolean("netlist_bit_exact", netlist.BitExact);
        writer.WriteNumber("netlist_cycles", netlist.Cycles.Total);
        writer.WriteNumber("synthesis_seconds", report.Seconds);
        writer.WriteBoolean("bounds_held", good);
    }
}
