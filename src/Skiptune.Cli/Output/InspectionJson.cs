using System.Text.Json;
using Skiptune.Cli.Arguments;
using Skiptune.FineTuning;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.Cli.Output;

/// <summary>An inspection for programs.</summary>
internal static class InspectionJson
{
    public static void Write(Utf8JsonWriter json, ModelInspection inspection)
    {
        json.WriteString("name", inspection.Name);
        json.WriteNumber("opset", inspection.Opset);
        json.WriteNumber("parameters", inspection.Parameters);
        json.WriteNumber("multiply_accumulates", inspection.MultiplyAccumulates);
        WriteValues(json, "inputs", inspection.Inputs);
        WriteValues(json, "outputs", inspection.Outputs);
        if (inspection.OutputLayer is { } layer)
        {
            json.WriteStartObject("output_layer");
            json.WriteString("output", layer.Output);
            json.WriteString("scores", layer.Scores);
            json.WriteString("activation", Choice.NameOf(layer.Activation));
            WriteShape(json, "shape", layer.Shape);
            json.WriteEndObject();
        }
        json.WriteBoolean("needs_new_head", inspection.NeedsHead is not null);
        if (inspection.NeedsHead is not null)
            json.WriteString("needs_new_head_because", inspection.NeedsHead);
        WriteList(json, "nodes", inspection.Nodes, node =>
        {
            json.WriteString("name", node.Name);
            json.WriteString("operator", node.Op);
            WriteShape(json, "output", node.Output);
            json.WriteNumber("parameters", node.Parameters);
            json.WriteNumber("multiply_accumulates", node.MultiplyAccumulates);
        });
        WriteList(json, "taps", inspection.Taps, tap =>
        {
            json.WriteString("layer", tap.Layer);
            json.WriteString("value", tap.Value);
            WriteShape(json, "shape", tap.Shape);
            json.WriteString("reduction", tap.Reduction.Name);
            json.WriteNumber("values", tap.Count);
        });
        json.WriteStartObject("cache_bytes_per_sample");
        foreach ((CacheFormat format, int bytes) in inspection.CacheBytes)
            json.WriteNumber(format.Name, bytes);
        json.WriteEndObject();
        WriteList(json, "methods", inspection.Methods, pair =>
        {
            json.WriteString("name", pair.Method.Name);
            json.WriteBoolean("supported", pair.Problem is null);
            if (pair.Problem is not null)
                json.WriteString("problem", pair.Problem);
        });
    }

    private static void WriteValues(Utf8JsonWriter json, string property, IEnumerable<GraphInput> values) => WriteList(json, property, values, value =>
    {
        json.WriteString("name", value.Name);
        WriteShape(json, "shape", value.SampleShape);
    });

    private static void WriteShape(Utf8JsonWriter json, string property, Shape shape)
    {
        json.WriteStartArray(property);
        foreach (int extent in shape.Extents)
            json.WriteNumberValue(extent);
        json.WriteEndArray();
    }

    private static void WriteList<T>(Utf8JsonWriter json, string property, IEnumerable<T> items, Action<T> write)
    {
        json.WriteStartArray(property);
        foreach (T item in items)
        {
            json.WriteStartObject();
            write(item);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
