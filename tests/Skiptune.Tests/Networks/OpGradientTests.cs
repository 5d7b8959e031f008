using System.Collections.Immutable;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.Tests.Networks;

[Trait("Category", "Kernels")]
public class OpGradientTests
{
    public static TheoryData<string> Ops => new(Cases.Keys);

    private static Dictionary<string, (Op Op, Shape[] Inputs)> Cases { get; } = new(StringComparer.Ordinal)
    {
        ["gemm, weight out x in"] = (new Gemm(TransposeB: true), [new(5, 7), new(19, 7), new(19)]),
        ["gemm, weight in x out"] = (new Gemm(TransposeB: false), [new(5, 21), new(21, 6), new(6)]),
        ["gemm without bias"] = (new Gemm(), [new(3, 4), new(2, 4)]),
        ["conv"] = (new Conv(Window.Square(3, pad: 1)), [new(3, 2, 6, 5), new(4, 2, 3, 3), new(4)]),
        ["conv with stride, dilation and unequal padding"] = (
            new Conv(new Window(2, 3) { StrideY = 2, StrideX = 1, DilationY = 2, DilationX = 1, PadTop = 1, PadRight = 2 }),
            [new(2, 3, 7, 6), new(5, 3, 2, 3), new(5)]),
        ["conv in two groups"] = (new Conv(Window.Square(3, stride: 2), Groups: 2), [new(2, 4, 7, 7), new(6, 2, 3, 3), new(6)]),
        ["depthwise conv"] = (new Conv(Window.Square(3, pad: 1), Groups: 4), [new(2, 4, 5, 5), new(4, 1, 3, 3)]),
        ["batch normalisation of planes"] = (new BatchNormalization(), [new(3, 4, 3, 2), new(4), new(4), new(4), new(4)]),
        ["batch normalisation of vectors"] = (new BatchNormalization(), [new(6, 5), new(5), new(5), new(5), new(5)]),
        ["batch normalisation in training, planes"] = (new BatchNormalization { Training = true }, [new(3, 4, 3, 2), new(4), new(4), new(4), new(4)]),
        ["batch normalisation in training, vectors"] = (new BatchNormalization { Training = true }, [new(6, 5), new(5), new(5), new(5), new(5)]),
        ["relu"] = (new Relu(), [new(4, 33)]),
        ["max pool"] = (new MaxPool(Window.Square(2, stride: 2)), [new(2, 3, 6, 7)]),
        ["max pool that overlaps"] = (new MaxPool(Window.Square(3, stride: 2, pad: 1)), [new(2, 2, 7, 7)]),
        ["average pool"] = (new AveragePool(Window.Square(3, stride: 2, pad: 1)), [new(2, 2, 7, 6)]),
        ["average pool that counts padding"] = (new AveragePool(Window.Square(3, stride: 2, pad: 1), CountPadding: true), [new(2, 2, 7, 6)]),
        ["global average pool"] = (new GlobalAveragePool(), [new(3, 4, 5, 3)]),
        ["flatten"] = (new Flatten(), [new(3, 2, 4)]),
        ["reshape"] = (new Reshape([0, -1, 2]), [new(3, 4, 2)]),
        ["add"] = (new Add(), [new(3, 5), new(3, 5)]),
        ["scale"] = (new Scale(-1.5f), [new(3, 5)]),
        ["bias of a channel"] = (new Add(1), [new(2, 3, 4, 5), new(3, 1, 1)]),
        ["bias of a feature"] = (new Add(0), [new(5), new(2, 3, 5)]),
        ["add, both broadcast"] = (new Add(), [new(3, 1, 5), new(1, 4, 1)]),
        ["sub"] = (new Sub(), [new(3, 5), new(3, 1)]),
        ["mul"] = (new Mul(), [new(2, 3, 4), new(3, 1)]),
        ["mul by one number"] = (new Mul(), [new(2, 3, 4), new(1)]),
        ["div"] = (new Div(), [new(4, 5), new(5)]),
        ["pow"] = (new Pow(), [new(4, 5), new(1)]),
        ["max"] = (new Max(), [new(4, 5), new(5)]),
        ["min"] = (new Min(), [new(5), new(4, 5)]),
        ["prelu"] = (new PRelu(), [new(2, 3, 5), new(3, 1)]),
        ["exp"] = (new Exp(), [new(3, 11)]),
        ["log"] = (new Log(), [new(3, 11)]),
        ["sqrt"] = (new Sqrt(), [new(3, 11)]),
        ["erf"] = (new Erf(), [new(3, 11)]),
        ["neg"] = (new Neg(), [new(3, 11)]),
        ["abs"] = (new Abs(), [new(3, 11)]),
        ["reciprocal"] = (new Reciprocal(), [new(3, 11)]),
        ["sigmoid"] = (new Sigmoid(), [new(3, 11)]),
        ["tanh"] = (new Tanh(), [new(3, 11)]),
        ["leaky relu"] = (new LeakyRelu(0.2f), [new(3, 11)]),
        ["elu"] = (new Elu(1.3f), [new(3, 11)]),
        ["clip"] = (new Clip(-0.5f, 0.6f), [new(3, 11)]),
        ["hard sigmoid"] = (new HardSigmoid(2, 0.5f), [new(3, 11)]),
        ["hard swish"] = (new HardSwish(), [new(3, 11)]),
        ["softplus"] = (new Softplus(), [new(3, 11)]),
        ["gelu"] = (new Gelu(), [new(3, 11)]),
        ["gelu by tanh"] = (new Gelu(Tanh: true), [new(3, 11)]),
        ["softmax"] = (new Softmax(), [new(3, 7)]),
        ["softmax along the middle"] = (new Softmax(1), [new(2, 5, 3)]),
        ["softmax to the end"] = (new Softmax(1, ToEnd: true), [new(2, 5, 3)]),
        ["log softmax"] = (new Softmax(1, Log: true), [new(2, 5, 3)]),
        ["layer normalisation"] = (new LayerNormalization(), [new(2, 3, 19), new(19), new(19)]),
        ["layer normalisation over two axes, without bias"] = (new LayerNormalization(1), [new(3, 4, 5), new(4, 5)]),
        ["instance normalisation"] = (new InstanceNormalization(), [new(2, 3, 4, 5), new(3), new(3)]),
        ["sum"] = (new Reduce(Reduction.Sum, [1]), [new(3, 4, 5)]),
        ["mean of two axes"] = (new Reduce(Reduction.Mean, [1, -1], KeepDims: false), [new(3, 4, 2, 5)]),
        ["mean of the last axis"] = (new Reduce(Reduction.Mean, [-1]), [new(3, 4, 5)]),
        ["largest"] = (new Reduce(Reduction.Max, [1]), [new(3, 4, 5)]),
        ["largest of the last axes"] = (new Reduce(Reduction.Max, [2, 3], KeepDims: false), [new(3, 2, 2, 5)]),
        ["smallest of all"] = (new Reduce(Reduction.Min, []), [new(3, 5)]),
        ["matrix product with a weight"] = (new MatMul(HasWeight: true), [new(2, 3, 4), new(4, 18)]),
        ["matrix products"] = (new MatMul(), [new(2, 3, 4, 5), new(2, 3, 5, 6)]),
        ["matrix products, both broadcast"] = (new MatMul(), [new(2, 1, 4, 5), new(3, 5, 6)]),
        ["matrix product from the left"] = (new MatMul(), [new(4, 5), new(3, 5, 2)]),
        ["conv of lines"] = (
            new Conv(new Window(1, 3) { StrideX = 2, PadLeft = 1, DilationX = 2 }, Groups: 2), [new(2, 4, 9), new(6, 2, 3), new(6)]),
        ["pools of lines"] = (new MaxPool(new Window(1, 2) { StrideX = 2 }), [new(2, 3, 8)]),
        ["average of lines"] = (new AveragePool(new Window(1, 3) { StrideX = 2, PadLeft = 1 }), [new(2, 3, 8)]),
        ["global average of lines"] = (new GlobalAveragePool(), [new(2, 3, 8)]),
        ["transposed conv"] = (
            new ConvTranspose(Window.Square(3, stride: 2, pad: 1), Groups: 2, ExtraY: 1), [new(2, 4, 4, 3), new(4, 3, 3, 3), new(6)]),
        ["transposed conv of lines"] = (new ConvTranspose(new Window(1, 3) { StrideX = 2 }), [new(2, 3, 5), new(3, 2, 3), new(2)]),
        ["transpose"] = (new Transpose([2, 0, 1]), [new(3, 4, 5)]),
        ["concat"] = (new Concat(1), [new(3, 2, 2), new(3, 5, 2), new(3, 1, 2)]),
        ["split"] = (new Split(1, [2, 4]), [new(3, 6, 2)]),
        ["slice"] = (new Slice([new(1, 5, 0, -2), new(2, 1, int.MaxValue)]), [new(3, 6, 4)]),
        ["pad with a constant, and less than nothing"] = (new Pad([0, 1, -1], [0, 2, 1], Value: 3), [new(3, 2, 4)]),
        ["pad that mirrors"] = (new Pad([0, 2, 1], [0, 1, 3], PadMode.Reflect), [new(2, 3, 4)]),
        ["pad with the edge"] = (new Pad([0, 2], [0, 1], PadMode.Edge), [new(2, 3)]),
        ["pad from the other end"] = (new Pad([0, 2], [0, 4], PadMode.Wrap), [new(2, 3)]),
        ["expand"] = (new Expand([2, 3, 4, 5]), [new(3, 1, 5)]),
        ["resize to the nearest"] = (new Resize([1, 1, 1.5f, 2], []), [new(2, 2, 4, 3)]),
        ["resize, linear"] = (new Resize([], [0, 0, 7, 2], ResizeMode.Linear), [new(2, 2, 4, 3)]),
        ["resize, linear, corners on corners"] = (new Resize([], [0, 5], ResizeMode.Linear, ResizeCoordinates.AlignCorners), [new(2, 3)]),
        ["squeeze"] = (new Squeeze([1, 3]), [new(3, 1, 4, 1)]),
        ["unsqueeze"] = (new Unsqueeze([0, 3]), [new(3, 4)]),
        ["where"] = (new Where(), [new(3, 1, 4), new(5, 1), new(3, 5, 4)]),
        ["low-rank adapter over rows of sequences"] = (new LowRankAdapter(1, 0.5f), [new(2, 4, 3), new(2, 4, 18), new(4, 18), new(3, 4)]),
        ["low-rank adapter"] = (new LowRankAdapter(1, 0.5f), [new(5, 3), new(5, 18), new(4, 18), new(3, 4)]),
        ["low-rank adapter from planes and vectors"] = (
            new LowRankAdapter(3, 1), [new(5, 3), new(5, 2, 3, 3), new(5, 20), new(5, 1), new(2, 18), new(2, 20), new(2, 1), new(3, 2), new(3, 2), new(3, 2)]),
    };

    [Theory]
    [MemberData(nameof(Ops))]
    public void Gradient_equals_finite_differences(string name)
    {
        (Graph graph, string[] trained) = Make(name);
        FiniteDifferences.Check(graph, trained);
    }

    [Theory]
    [MemberData(nameof(Ops))]
    public void Any_kernel_form_and_number_of_threads_give_the_same_bits(string name)
    {
        (Graph graph, string[] trained) = Make(name);
        float[]? expected = null;
        foreach (KernelSet kernels in KernelSet.Available)
        {
            for (int threads = 1; threads <= 3; threads++)
            {
                using Workers workers = new(threads);
                Dictionary<string, Tensor> values = graph.Constants.ToDictionary(pair => pair.Key, pair => pair.Value.Clone(), StringComparer.Ordinal);
                Dictionary<string, Tensor> gradients = trained.ToDictionary(x => x, x => new Tensor(graph.Constants[x].Shape), StringComparer.Ordinal);
                GraphProgram program = GraphProgram.Compile(graph, 1, values, gradients, new ProgramContext(kernels, workers));
                program.Forward();
                float[] output = program.Value("y").Span.ToArray();
                new SeededRandom(8).FillUniform(program.Gradient("y").Span, 1);
                program.Backward();
                float[] actual = [.. output, .. gradients.Values.SelectMany(gradient => gradient.Span.ToArray())];
                expected ??= actual;
                Assert.Equal(expected, actual);
            }
        }
    }

    private static (Graph Graph, string[] Trained) Make(string name)
    {
        (Op op, Shape[] shapes) = Cases[name];
        SeededRandom random = new(3);
        Dictionary<string, Tensor> constants = new(StringComparer.Ordinal);
        for (int i = 0; i < shapes.Length; i++)
        {
            Tensor tensor = constants[$"x{i}"] = new Tensor(shapes[i]);
            // Values well apart, so that no step changes which is largest or which side of zero it is on.
            int[] ranks = [.. Enumerable.Range(0, tensor.Shape.Count)];
            random.Shuffle(ranks.AsSpan());
            for (int k = 0; k < ranks.Length; k++)
                tensor.Span[k] = (ranks[k] - ranks.Length / 2 + 0.5f) * MathF.Max(0.03f, 2f / ranks.Length);
            if (op is Log or Sqrt or Reciprocal or Pow or Div)
                AwayFromZero(tensor.Span);
            if (op is BatchNormalization && i == 4)
                random.FillUniform(tensor.Span, 0.2f);
        }
        if (op is BatchNormalization)
        {
            foreach (ref float variance in constants["x4"].Span)
                variance += 1;
        }
        // Running statistics are written in training, and nobody trains them.
        string[] trained = [.. Enumerable.Range(0, op is BatchNormalization ? 3 : shapes.Length).Where(op.PassesGradient).Select(i => $"x{i}")];
        Graph graph = new(
            "case", [], [new Node("op", op, [.. constants.Keys], ["y"])], constants.ToImmutableDictionary(StringComparer.Ordinal), ["y"]);
        return (graph, trained);
    }

    private static void AwayFromZero(Span<float> values)
    {
        foreach (ref float value in values)
            value = 0.7f + 0.5f * MathF.Abs(value);
    }

    [Fact]
    public void Gradients_stop_at_conditions_and_indices_and_skip_outputs_that_nobody_reads()
    {
        SeededRandom random = new(5);
        Tensor x = new(new Shape(4, 6));
        random.FillUniform(x.Span, 1);
        Node[] nodes =
        [
            new("parts", new Split(1, [2, 1, 3]), ["x"], ["a", "b", "c"]),
            new("sign", new Compare(Relation.Greater), ["b", "zero"], ["s"]),
            new("square", new Concat(1), ["a", "a"], ["d"]),
            new("rows", new Gather(0), ["d", "s"], ["e"]),
            new("flat", new Reshape([0, 4]), ["e"], ["f"]),
            new("choice", new Where(), ["s", "d", "f"], ["y"]),
        ];
        Dictionary<string, Tensor> constants = new(StringComparer.Ordinal) { ["x"] = x, ["zero"] = new(new Shape(1)) };
        FiniteDifferences.Check(new Graph("stops", [], nodes, constants.ToImmutableDictionary(StringComparer.Ordinal), ["y"]), ["x"], step: 1e-3f);
    }

    [Fact]
    public void Gradients_add_up_where_a_value_is_read_more_than_once()
    {
        SeededRandom random = new(5);
        Tensor x = new(new Shape(3, 4));
        Tensor w = new(new Shape(4, 4));
        random.FillUniform(x.Span, 1);
        random.FillUniform(w.Span, 1);
        Node[] nodes =
        [
            new("double", new Add(), ["x", "x"], ["a"]),
            new("first", new Gemm(), ["a", "w"], ["b"]),
            new("second", new Gemm(), ["b", "w"], ["c"]),
            new("sum", new Add(), ["c", "a"], ["d"]),
            new("adapter", new LowRankAdapter(2, 1), ["d", "a", "a", "w", "w", "w", "w"], ["e"]),
            new("dead", new Relu(), ["a"], ["unused"]),
        ];
        Dictionary<string, Tensor> constants = new(StringComparer.Ordinal) { ["x"] = x, ["w"] = w };
        FiniteDifferences.Check(new Graph("diamond", [], nodes, constants.ToImmutableDictionary(StringComparer.Ordinal), ["e"]), ["x", "w"], step: 1e-3f);
    }
}
