using Skiptune.FineTuning;
using Spectre.Console;

namespace Skiptune.Cli.Output;

/// <summary>An inspection for people.</summary>
internal static class InspectionTables
{
    public static void Write(TextWriter text, ModelInspection inspection)
    {
        IAnsiConsole console = Terminal.On(text);
        text.WriteLine($"model       {inspection.Name}, {inspection.Parameters:N0} parameters, {inspection.MultiplyAccumulates:N0} multiply-accumulates a sample");
        foreach (Networks.GraphInput input in inspection.Inputs)
            text.WriteLine($"input       {input.Name}  {input.SampleShape}");
        foreach (Networks.GraphInput output in inspection.Outputs)
            text.WriteLine($"output      {output.Name}  {output.SampleShape}");

        Table nodes = NewTable.With("node", "operator", "output", ">parameters", ">MACs");
        foreach (InspectedNode node in inspection.Nodes)
            nodes.Row(node.Name, node.Op, $"{node.Output}", Number(node.Parameters), Number(node.MultiplyAccumulates));
        console.Write(nodes);

        if (!inspection.Taps.IsEmpty)
        {
            Table taps = NewTable.With("tap of layer", "value", "shape", "taken as", ">values");
            foreach (InspectedTap tap in inspection.Taps)
                taps.Row(tap.Layer, tap.Value, $"{tap.Shape}", tap.Reduction.Name, $"{tap.Count:N0}");
            console.Write(taps);
            text.WriteLine($"cache       {string.Join(", ", inspection.CacheBytes.Select(pair => $"{pair.Format} {pair.Bytes:N0}"))} bytes a sample");
        }
        text.WriteLine($"methods     {string.Join(", ", inspection.Methods.Where(pair => pair.Problem is null).Select(pair => pair.Method.Name))}");
        foreach ((FineTuneMethod method, string? problem) in inspection.Methods.Where(pair => pair.Problem is not null))
            text.WriteLine($"not         {method}: {problem}");
    }

    private static string Number(long number) => number == 0 ? "" : $"{number:N0}";
}
