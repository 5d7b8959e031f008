using System.Collections.Immutable;
using Skiptune.Numerics;

namespace Skiptune.Networks;

/// <summary>
/// The convolutional network of the Skip2-LoRA papers, after LeNet: 1x28x28, Conv 5x5 pad 2 to 6, ReLU, MaxPool 2,
/// Conv 5x5 to 16, ReLU, MaxPool 2, Dense 120, ReLU, Dense 84, ReLU, Dense 10.
/// </summary>
public static class ReferenceCnn
{
    /// <summary>The shape of a sample.</summary>
    public static Shape SampleShape { get; } = new(1, 28, 28);

    /// <summary>The shapes of weights and biases, layer by layer.</summary>
    private static readonly (string Layer, Shape Weight)[] Layers =
    [
        ("conv1", new Shape(6, 1, 5, 5)),
        ("conv2", new Shape(16, 6, 5, 5)),
        ("dense1", new Shape(120, 400)),
        ("dense2", new Shape(84, 120)),
        ("dense3", new Shape(10, 84)),
    ];

    /// <summary>Makes the network with random weights, uniform in ±1/sqrt(inputs of a unit).</summary>
    /// <param name="seed">The seed.</param>
    public static Graph Create(long seed)
    {
        Dictionary<string, Tensor> constants = new(StringComparer.Ordinal);
        foreach ((string layer, Shape shape) in Layers)
        {
            SeededRandom random = new(seed, constants.Count);
            float limit = 1 / MathF.Sqrt(shape.RowCount);
            foreach ((string name, Tensor tensor) in new[] { ($"{layer}.weight", new Tensor(shape)), ($"{layer}.bias", new Tensor(new Shape(shape[0]))) })
            {
                random.FillUniform(tensor.Span, limit);
                constants[name] = tensor;
            }
        }
        return Create(constants);
    }

    /// <summary>Makes the network with given weights.</summary>
    /// <param name="constants">conv1.weight, conv1.bias, conv2.weight .. dense3.bias.</param>
    internal static Graph Create(IEnumerable<KeyValuePair<string, Tensor>> constants)
    {
        Node[] nodes =
        [
            Layer("conv1", new Conv(Window.Square(5, pad: 2)), "input"),
            Plain("relu1", new Relu(), "conv1"),
            Plain("pool1", new MaxPool(Window.Square(2, stride: 2)), "relu1"),
            Layer("conv2", new Conv(Window.Square(5)), "pool1"),
            Plain("relu2", new Relu(), "conv2"),
            Plain("pool2", new MaxPool(Window.Square(2, stride: 2)), "relu2"),
            Plain("flatten", new Flatten(), "pool2"),
            Layer("dense1", new Gemm(), "flatten"),
            Plain("relu3", new Relu(), "dense1"),
            Layer("dense2", new Gemm(), "relu3"),
            Plain("relu4", new Relu(), "dense2"),
            Layer("dense3", new Gemm(), "relu4"),
        ];
        return new Graph("reference-cnn", [new GraphInput("input", SampleShape)], nodes, constants.ToImmutableDictionary(StringComparer.Ordinal), ["dense3"]);
    }

    private static Node Layer(string name, Op op, string input) => new(name, op, [input, $"{name}.weight", $"{name}.bias"], [name]);

    private static Node Plain(string name, Op op, string input) => new(name, op, [input], [name]);
}
