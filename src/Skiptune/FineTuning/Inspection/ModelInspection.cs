using System.Collections.Immutable;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.FineTuning;

/// <summary>One node of a model.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Op">Its operator.</param>
/// <param name="Output">The shape of its first output for one sample.</param>
/// <param name="Parameters">The weights it is the first to read.</param>
/// <param name="MultiplyAccumulates">Multiply-accumulates of one sample.</param>
public sealed record InspectedNode(string Name, string Op, Shape Output, long Parameters, long MultiplyAccumulates);

/// <summary>One value that skip2-lora would tap by default.</summary>
/// <param name="Layer">The layer whose input it is.</param>
/// <param name="Value">The value's name.</param>
/// <param name="Shape">One sample's shape.</param>
/// <param name="Reduction">How it is made smaller.</param>
/// <param name="Count">The values left.</param>
public sealed record InspectedTap(string Layer, string Value, Shape Shape, TapReduction Reduction, int Count);

/// <summary>What is in a model, and what fine-tuning it would take.</summary>
public sealed record ModelInspection
{
    // Neither taps nor methods depend on their number.
    private const int ExampleClasses = 2;

    /// <summary>The model's name.</summary>
    public required string Name { get; init; }

    /// <summary>The inputs and the shapes of one sample.</summary>
    public required ImmutableArray<GraphInput> Inputs { get; init; }

    /// <summary>The outputs and the shapes of one sample.</summary>
    public required ImmutableArray<GraphInput> Outputs { get; init; }

    /// <summary>The ONNX operator set the model was read from.</summary>
    public required int Opset { get; init; }

    /// <summary>Where the model says what it makes of a sample; null if it has several outputs and none was chosen.</summary>
    public required OutputLayer? OutputLayer { get; init; }

    /// <summary>Why the model can be fine-tuned with a new head alone; null if it needs none, or if one would not help.</summary>
    public required string? NeedsHead { get; init; }

    /// <summary>The nodes in the order in which they run.</summary>
    public required ImmutableArray<InspectedNode> Nodes { get; init; }

    /// <summary>What skip2-lora would tap by default, with a new head if one is needed; empty if the model cannot be fine-tuned.</summary>
    public required ImmutableArray<InspectedTap> Taps { get; init; }

    /// <summary>The bytes of a sample in the forward cache by format; empty without taps.</summary>
    public required ImmutableArray<(CacheFormat Format, int Bytes)> CacheBytes { get; init; }

    /// <summary>The methods the model can be fine-tuned with, with a new head if one is needed, and for the others why not.</summary>
    public required ImmutableArray<(FineTuneMethod Method, string? Problem)> Methods { get; init; }

    /// <summary>All weights.</summary>
    public long Parameters => Nodes.Sum(node => node.Parameters);

    /// <summary>Multiply-accumulates of one sample.</summary>
    public long MultiplyAccumulates => Nodes.Sum(node => node.MultiplyAccumulates);

    /// <summary>Looks at a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="output">The chosen output, or null for the only one.</param>
    internal static ModelInspection Of(Graph model, string? output)
    {
        OutputLayer? layer = output is null && model.Outputs.Length > 1 ? null : OutputLayer.Find(model, output);
        IReadOnlyDictionary<string, Shape> shapes = ShapeInference.Infer(model, 1);
        HashSet<string> counted = new(StringComparer.Ordinal);
        AdapterOptions options = new FineTuneOptions { Output = output }.AdapterOptions;
        ImmutableArray<(FineTuneMethod, string?)> methods = Try(model, options);
        string? needsHead = null;
        if (layer is { IsVector: false } && Try(model, options with { Classes = ExampleClasses }) is var headed && headed.Any(pair => pair.Problem is null))
        {
            needsHead = methods[0].Item2;
            methods = headed;
            options = options with { Classes = ExampleClasses };
        }
        AdaptedGraph? adapted = methods.Single(pair => pair.Item1 == FineTuneMethod.Skip2Lora).Item2 is null ? FineTuneMethod.Skip2Lora.Adapt(model, options) : null;
        return new ModelInspection
        {
            Name = model.Name,
            Inputs = model.Inputs,
            Outputs = [.. model.Outputs.Select(name => new GraphInput(name, shapes[name].Row()))],
            Opset = model.Opset,
            OutputLayer = layer,
            NeedsHead = needsHead,
            Nodes = [.. model.Nodes.Select(node => Inspect(node, model, shapes, counted))],
            Taps = adapted is null ? [] : [.. adapted.Taps.Select(tap => Inspect(tap, model, shapes))],
            CacheBytes = adapted is null ? [] : [.. CacheFormat.All.Where(format => format != CacheFormat.None).Select(format => (format, RowBytes(adapted, format)))],
            Methods = methods,
        };
    }

    private static InspectedNode Inspect(Node node, Graph model, IReadOnlyDictionary<string, Shape> shapes, HashSet<string> counted)
    {
        long parameters = node.Inputs.Where(name => model.Constants.ContainsKey(name) && counted.Add(name)).Sum(name => (long)model.Constants[name].Shape.Count);
        Shape output = shapes[node.Output];
        return new InspectedNode(
            node.Name,
            node.Op.Type,
            output.Rank > 0 ? output.Row() : output,
            parameters,
            node.Op.MultiplyAccumulates([.. node.Inputs.Select(name => name.Length == 0 ? default : shapes[name])]));
    }

    private static InspectedTap Inspect(TapRule tap, Graph model, IReadOnlyDictionary<string, Shape> shapes)
    {
        string value = model.Nodes.Single(node => node.Name == tap.Pattern).Inputs[0];
        Shape shape = shapes[value].Row();
        return new InspectedTap(tap.Pattern, value, shape, tap.Reduction!, tap.Reduction!.CountOf(shape));
    }

    private static int RowBytes(AdaptedGraph adapted, CacheFormat format) =>
        new CacheLayout(new FrozenSplit(adapted.Graph.EndingAt(adapted.Layer.Output), new HashSet<string>(adapted.Changing, StringComparer.Ordinal), adapted.BaseOutput).Frontier, format).RowBytes;

    private static ImmutableArray<(FineTuneMethod Method, string? Problem)> Try(Graph model, AdapterOptions options) =>
        [.. FineTuneMethod.All.Select(method => (method, Problem(method, model, options)))];

    private static string? Problem(FineTuneMethod method, Graph model, AdapterOptions options)
    {
        try
        {
            method.Adapt(model, options);
            return null;
        }
        catch (SkiptuneException exception)
        {
            return exception.Message;
        }
    }
}
