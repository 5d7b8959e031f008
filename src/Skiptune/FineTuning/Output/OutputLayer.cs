using Skiptune.Data;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.FineTuning;

/// <summary>
/// Where a model says what it makes of a sample: its scores, which fine-tuning changes, and its output, which follows from
/// them by an activation (or is them).
/// </summary>
public sealed record OutputLayer
{
    private OutputLayer()
    {
    }

    /// <summary>The value that is the output: one of the graph's outputs, or another that was chosen.</summary>
    public required string Output { get; init; }

    /// <summary>The value before the activation, where adapters add; the output itself if there is no activation.</summary>
    public required string Scores { get; init; }

    /// <summary>What leads from the scores to the output.</summary>
    public required OutputActivation Activation { get; init; }

    /// <summary>The shape of one sample's scores.</summary>
    public required Shape Shape { get; init; }

    /// <summary>True if a sample has one vector of scores: all its axes but one have the extent 1. Fine-tuning needs that.</summary>
    public bool IsVector => Shape.Count > 0 && Shape.Extents.Count(extent => extent != 1) <= 1;

    /// <summary>The number of classes the scores tell apart: as many as there are, or 2 for a single one behind a sigmoid.</summary>
    public int Classes => IsBinary ? 2 : Shape.Count;

    /// <summary>True if a sample has a vector of scores for each place of a sequence: places x classes.</summary>
    internal bool IsSequence => Shape.Rank == 2;

    internal bool IsBinary => Activation == OutputActivation.Sigmoid && Shape.Count == 1;

    /// <summary>The output layer of a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="name">The output, as <see cref="OutputName.Resolve"/> takes it; null for the graph's only one.</param>
    /// <exception cref="SkiptuneException">There is no such value, or there are several outputs and none is named.</exception>
    internal static OutputLayer Find(Graph graph, string? name)
    {
        string output = OutputName.Resolve(graph, name);
        IReadOnlyDictionary<string, Shape> shapes = ShapeInference.Infer(graph, 1);
        Func<string, bool> batchFirst = ShapeInference.BatchFirst(graph);
        if (!batchFirst(output))
            throw new SkiptuneException(ErrorText.OneLine($"the value {ErrorText.Quote(output)} does not have a row for each sample; choose another output (--output)"));
        string value = output;
        while (graph.ProducerOf(value) is { Op: ReshapeOp or Scale { Factor: 1 } } node && batchFirst(node.Inputs[0]))
            value = node.Inputs[0];
        OutputActivation activation = OutputActivation.None;
        if (graph.ProducerOf(value) is { } last && !graph.Constants.ContainsKey(last.Inputs[0]))
        {
            activation = ActivationOf(last.Op, shapes[value].Row());
            value = activation == OutputActivation.None ? output : last.Inputs[0];
        }
        else
        {
            value = output;
        }
        return new OutputLayer { Output = output, Scores = value, Activation = activation, Shape = shapes[value].Row() };
    }

    /// <summary>Throws unless fine-tuning can use it.</summary>
    /// <exception cref="SkiptuneException">A sample has more than one vector of scores.</exception>
    internal void CheckVector()
    {
        if (!IsVector)
        {
            throw new SkiptuneException(ErrorText.OneLine(
                $"the output {ErrorText.Quote(Output)} is {Shape} a sample, and one vector is needed; choose another output (--output) or give the model a new head (--classes)"));
        }
    }

    /// <summary>What is compared with the targets: the scores with classes, as the loss applies the activation; the output with numbers.</summary>
    internal string ReadFor(TargetKind targets) => targets == TargetKind.Classes ? Scores : Output;

    /// <summary>The operator of an activation.</summary>
    internal static Op? OpOf(OutputActivation activation) => activation switch
    {
        OutputActivation.Softmax => new Softmax(),
        OutputActivation.LogSoftmax => new Softmax(Log: true),
        OutputActivation.Sigmoid => new Sigmoid(),
        _ => null,
    };

    // A softmax over part of a sample, as in attention, is a layer like any other.
    private static OutputActivation ActivationOf(Op op, Shape sample) => op switch
    {
        Sigmoid => OutputActivation.Sigmoid,
        Softmax softmax when LengthOf(softmax, sample.Prepend(1)) == sample.Count => softmax.Log ? OutputActivation.LogSoftmax : OutputActivation.Softmax,
        _ => OutputActivation.None,
    };

    private static int LengthOf(Softmax op, Shape shape)
    {
        int axis = op.Axis < 0 ? op.Axis + shape.Rank : op.Axis;
        return op.ToEnd ? shape.Product(axis, shape.Rank) : shape[axis];
    }
}
