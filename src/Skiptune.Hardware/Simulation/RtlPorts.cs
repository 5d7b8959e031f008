using System.Globalization;
using System.Text;
using System.Xml.Linq;

namespace Skiptune.Hardware.Simulation;

/// <summary>A port of a module, and where its bits lie among all inputs or all outputs.</summary>
internal sealed record RtlPort(string Name, bool IsInput, int Width, int Offset);

/// <summary>The ports of a module without its clock.</summary>
internal sealed record RtlPorts(IReadOnlyList<RtlPort> All)
{
    public const string Clock = "i_clk";

    // More than 64 bits are always an array of words in the verilated model.
    private const int LeastBits = 65;

    public int Bits(bool inputs) => Math.Max(LeastBits, All.Where(port => port.IsInput == inputs).Sum(port => port.Width));

    /// <summary>Reads them from what verilator --xml-only writes.</summary>
    public static RtlPorts Parse(string xml)
    {
        XElement netlist = XDocument.Parse(xml).Root!.Element("netlist")!;
        Dictionary<string, int> widths = netlist.Element("typetable")!.Elements("basicdtype").ToDictionary(
            type => type.Attribute("id")!.Value,
            type => type.Attribute("left") is { } left ? Number(left) - Number(type.Attribute("right")!) + 1 : 1,
            StringComparer.Ordinal);
        List<RtlPort> ports = [];
        int[] used = new int[2];
        foreach (XElement variable in netlist.Elements("module").Single(module => module.Attribute("topModule") is not null).Elements("var"))
        {
            if (variable.Attribute("dir")?.Value is not { } direction || variable.Attribute("name")!.Value is Clock)
                continue;
            bool input = direction == "input";
            int width = widths[variable.Attribute("dtype_id")!.Value];
            ports.Add(new RtlPort(variable.Attribute("name")!.Value, input, width, used[input ? 0 : 1]));
            used[input ? 0 : 1] += width;
        }
        return new RtlPorts(ports);
    }

    /// <summary>A module whose ports are the clock and two vectors.</summary>
    public string Bench(string top, IEnumerable<KeyValuePair<string, long>> parameters)
    {
        StringBuilder text = new();
        text.AppendLine($"module bench (input wire clk, input wire [{Bits(inputs: true) - 1}:0] in, output wire [{Bits(inputs: false) - 1}:0] out);");
        text.AppendLine($"{top} #({string.Join(", ", parameters.Select(pair => $".{pair.Key}({pair.Value})"))}) dut (.{Clock}(clk)");
        foreach (RtlPort port in All)
            text.AppendLine($", .{port.Name}({(port.IsInput ? "in" : "out")}[{port.Offset} +: {port.Width}])");
        text.AppendLine("); endmodule");
        return text.ToString();
    }

    private static int Number(XAttribute attribute) => int.Parse(attribute.Value, CultureInfo.InvariantCulture);
}
