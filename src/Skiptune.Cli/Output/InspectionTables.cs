using Skiptune.FineTuning;
using Spectre.Console;

namespace Skiptune.Cli.Output;

/// <summary>An inspection for people.</summary>
internal static class InspectionTables
{
    public static void Write(TextWriter text, ModelInspection inspection)
    {
        LabelledLine.Write(text, "model", $"{inspection.Name}, opset {inspection.Opset}");
        LabelledLine.Write(text, "size", $"{inspection.Parameters:N0} parameters, {inspection.MultiplyAccumulates:N0} multiply-accumulates a sample");
        foreach (Networks.GraphInput input in inspection.Inputs)
            LabelledLine.Write(text, "input", $"{input.Name}  {input.SampleShape}{(input.IsInteger ? "  whole numbers" : "")}");
        foreach (Networks.GraphInput output in inspection.Outputs)
            LabelledLine.Write(text, "output", $"{output.Name}  {output.SampleShape}");
        if (inspection.OutputLayer is { Activation: not OutputActivation.None } layer)
            LabelledLine.Write(text, "scores", $"{layer.Scores}  {layer.Shape}, then {layer.Activation}: adapters add to the scores");
        WriteNodes(text, inspection);
        if (!inspection.Taps.IsEmpty)
        {
            LabelledLine.Write(text, "taps", $"{inspection.Taps.Length} inputs of layers, {inspection.Taps.Sum(tap => tap.Count):N0} values a sample; in the cache they are so many bytes:");
            LabelledLine.Write(text, "cache", $"{string.Join(", ", inspection.CacheBytes.Select(pair => $"{pair.Format} {pair.Bytes:N0}"))}");
        }
        WriteMethods(text, inspection);
    }

    private static void WriteNodes(TextWriter text, ModelInspection inspection)
    {
        Dictionary<string, InspectedTap> taps = inspection.Taps.ToDictionary(tap => tap.Layer, StringComparer.Ordinal);
        string[] tapColumns = taps.Count > 0 ? ["tap", ">values"] : [];
        Table nodes = NewTable.With(["node", "operator", "output", ">weights", ">MACs", .. tapColumns]);
        foreach (TableColumn column in nodes.Columns)
            column.Padding = new Padding(0, 0, 1, 0);
        foreach (InspectedNode node in inspection.Nodes)
        {
            InspectedTap? tap = taps.GetValueOrDefault(node.Name);
            string[] tapCells = taps.Count == 0 ? [] : tap is null ? ["", ""] : [tap.Reduction.Name, Number(tap.Count)];
            nodes.Row([node.Name, node.Op, $"{node.Output}", Number(node.Parameters), Number(node.MultiplyAccumulates), .. tapCells]);
        }
        Terminal.On(text).Write(nodes);
    }

    // A reason that several methods share is said once.
    private static void WriteMethods(TextWriter text, ModelInspection inspection)
    {
        if (inspection.NeedsHead is not null)
            LabelledLine.Write(text, "as it is", $"no method: {inspection.NeedsHead}");
        string[] possible = [.. inspection.Methods.Where(pair => pair.Problem is null).Select(pair => pair.Method.Name)];
        if (possible.Length > 0)
            LabelledLine.Write(text, inspection.NeedsHead is null ? "methods" : "new head", string.Join(", ", possible));
        foreach (IGrouping<string, string> reason in inspection.Methods.Where(pair => pair.Problem is not null).GroupBy(pair => pair.Problem!, pair => pair.Method.Name, StringComparer.Ordinal))
            LabelledLine.Write(text, "not", $"{(possible.Length == 0 ? "any method" : string.Join(", ", reason))}: {reason.Key}");
    }

    private static string Number(long number) => number == 0 ? "" : $"{number:N0}";
}
