using System.Globalization;
using System.Text;
using System.Xml.Linq;

namespace Skiptune.Hardware.Simulation;

/// <summary>A port of a part of a bench, and where its bits lie among all inputs or all outputs.</summary>
internal sealed record RtlPort(string Part, string Name, bool IsInput, int Width, int Offset);

/// <summary>The ports of all parts of a bench. What its inputs hold in the place of a part's clock lets the clock through to it.</summary>
internal sealed record RtlPorts(IReadOnlyList<RtlPort> All)
{
    public const string Clock = "i_clk";

    // More than 64 bits are always an array of words in the verilated model.
    private const int LeastBits = 65;

    public int Bits(bool inputs) => Math.Max(LeastBits, All.Where(port => port.IsInput == inputs).Sum(port => port.Width));

    /// <summary>Reads them from what verilator --xml-only writes of <see cref="Shell"/>.</summary>
    public static RtlPorts Parse(string xml)
    {
        XElement netlist = XDocument.Parse(xml).Root!.Element("netlist")!;
        Dictionary<string, int> widths = netlist.Element("typetable")!.Elements("basicdtype").ToDictionary(
            type => type.Attribute("id")!.Value,
            type => type.Attribute("left") is { } left ? Number(left) - Number(type.Attribute("right")!) + 1 : 1,
            StringComparer.Ordinal);
        Dictionary<string, XElement> modules = netlist.Elements("module").ToDictionary(module => module.Attribute("name")!.Value, StringComparer.Ordinal);
        List<RtlPort> ports = [];
        int[] used = new int[2];
        foreach (XElement part in modules.Values.Single(module => module.Attribute("topModule") is not null).Elements("instance"))
        {
            string name = part.Attribute("name")!.Value;
            foreach (XElement variable in modules[part.Attribute("defName")!.Value].Elements("var").Where(variable => variable.Attribute("dir") is not null))
            {
                string port = variable.Attribute("name")!.Value;
                bool input = variable.Attribute("dir")!.Value == "input";
                int width = widths[variable.Attribute("dtype_id")!.Value];
                ports.Add(new RtlPort(name, port, input, width, used[input ? 0 : 1]));
                used[input ? 0 : 1] += width;
            }
        }
        return new RtlPorts(ports);
    }

    /// <summary>A module that holds all parts of a design with nothing connected: enough to learn their ports.</summary>
    public static string Shell(RtlDesign design) =>
        $"module shell; {string.Concat(design.Parts.Select(part => $"{part.Instance} ();{Environment.NewLine}"))} endmodule";

    /// <summary>A module with all parts of a design, whose ports are the clock and two vectors.</summary>
    public string Bench(RtlDesign design)
    {
        StringBuilder text = new();
        text.AppendLine($"module bench (input wire clk, input wire [{Bits(inputs: true) - 1}:0] in, output wire [{Bits(inputs: false) - 1}:0] out);");
        foreach (RtlPart part in design.Parts)
            text.AppendLine($"{part.Instance} ({string.Join(", ", Of(part).Select(port => $".{port.Name}({Bits(port)})"))});");
        text.AppendLine("endmodule");
        return text.ToString();
    }

    /// <summary>The ports of a part.</summary>
    public IEnumerable<RtlPort> Of(RtlPart part) => All.Where(port => port.Part == part.Name);

    // A part that nobody uses stands still, which costs less.
    private static string Bits(RtlPort port) =>
        port.Name == Clock ? $"clk & in[{port.Offset}]" : $"{(port.IsInput ? "in" : "out")}[{port.Offset} +: {port.Width}]";

    private static int Number(XAttribute attribute) => int.Parse(attribute.Value, CultureInfo.InvariantCulture);
}
