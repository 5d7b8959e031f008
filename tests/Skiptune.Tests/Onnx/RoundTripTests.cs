using System.Collections.Immutable;
using Skiptune.Networks;
using Skiptune.Numerics;
using Skiptune.Onnx;
using Skiptune.Onnx.Proto;
using Skiptune.Tests.Networks;

namespace Skiptune.Tests.Onnx;

public class RoundTripTests
{
    private static readonly Window s_window = new(3, 2)
    {
        StrideY = 2,
        StrideX = 1,
        DilationY = 1,
        DilationX = 2,
        PadTop = 1,
        PadLeft = 0,
        PadBottom = 2,
        PadRight = 1,
    };

    private static readonly Dictionary<string, Func<Graph>> s_graphs = new(StringComparer.Ordinal)
    {
        ["network"] = Graphs.Network,
        ["gemm out x in with bias"] = () => Graphs.Of(new Gemm(), new Shape(3), Graphs.Ramp(2, 3), Graphs.Ramp(2)),
        ["gemm in x out"] = () => Graphs.Of(new Gemm(TransposeB: false), new Shape(3), Graphs.Ramp(3, 2)),
        ["conv"] = () => Graphs.Of(new Conv(s_window), new Shape(2, 9, 9), Graphs.Ramp(4, 2, 3, 2), Graphs.Ramp(4)),
        ["depthwise conv"] = () => Graphs.Of(new Conv(Window.Square(3, 2, 1), 2), new Shape(2, 9, 9), Graphs.Ramp(2, 1, 3, 3)),
        ["batch normalization of images"] = () => Graphs.Of(
            new BatchNormalization(1e-3f) { Momentum = 0.75f }, new Shape(2, 3, 3), Graphs.Ramp(2), Graphs.Ramp(2), Graphs.Ramp(2), Graphs.Ramp(2)),
        ["batch normalization of vectors"] = () => Graphs.Of(
            new BatchNormalization(), new Shape(2), Graphs.Ramp(2), Graphs.Ramp(2), Graphs.Ramp(2), Graphs.Ramp(2)),
        ["relu"] = () => Graphs.Of(new Relu(), new Shape(3)),
        ["max pool"] = () => Graphs.Of(new MaxPool(s_window), new Shape(2, 9, 9)),
        ["average pool"] = () => Graphs.Of(new AveragePool(Window.Square(3, 2, 1)), new Shape(2, 9, 9)),
        ["average pool that counts padding"] = () => Graphs.Of(new AveragePool(Window.Square(3, 2, 1), CountPadding: true), new Shape(2, 9, 9)),
        ["dilated average pool"] = () => Graphs.Of(new AveragePool(s_window), new Shape(2, 9, 9)),
        ["global average pool"] = () => Graphs.Of(new GlobalAveragePool(), new Shape(2, 9, 9)),
        ["flatten"] = () => Graphs.Of(new Flatten(), new Shape(2, 9, 9)),
        ["flatten from the end"] = () => Graphs.Of(new Flatten(-3), new Shape(2, 9, 9)),
        ["reshape"] = () => Graphs.Of(new Reshape([0, 9, -1]), new Shape(2, 9, 9)),
        ["conv of lines"] = () => Graphs.Of(new Conv(new Window(1, 3) { StrideX = 2, PadLeft = 1 }), new Shape(2, 9), Graphs.Ramp(4, 2, 3), Graphs.Ramp(4)),
        ["max pool of lines"] = () => Graphs.Of(new MaxPool(new Window(1, 2) { StrideX = 2 }), new Shape(2, 9)),
        ["average pool of lines"] = () => Graphs.Of(new AveragePool(new Window(1, 2) { DilationX = 2 }), new Shape(2, 9)),
        ["transposed conv"] = () => Graphs.Of(new ConvTranspose(Window.Square(3, 2, 1), 2, 1, 0), new Shape(4, 5, 5), Graphs.Ramp(4, 3, 3, 3), Graphs.Ramp(6)),
        ["bias of an add"] = () => Graphs.Of(new Add(1), new Shape(2, 9), Graphs.Ramp(9)),
        ["add of a matrix"] = () => Graphs.Of(new Add(), new Shape(2, 9), Graphs.Ramp(2, 9)),
        ["sub"] = () => Graphs.Of(new Sub(), new Shape(2, 9), Graphs.Ramp(9)),
        ["mul"] = () => Graphs.Of(new Mul(), new Shape(2, 9), Graphs.Ramp(9)),
        ["div"] = () => Graphs.Of(new Div(), new Shape(2, 9), Graphs.Ramp(1)),
        ["pow"] = () => Graphs.Of(new Pow(), new Shape(2, 9), Graphs.Ramp(1)),
        ["max"] = () => Graphs.Of(new Max(), new Shape(2, 9), Graphs.Ramp(9)),
        ["min"] = () => Graphs.Of(new Min(), new Shape(2, 9), Graphs.Ramp(9)),
        ["prelu"] = () => Graphs.Of(new PRelu(), new Shape(2, 9), Graphs.Ramp(2, 1)),
        ["clip"] = () => Graphs.Of(new Clip(-1, 6), new Shape(9)),
        ["leaky relu"] = () => Graphs.Of(new LeakyRelu(0.2f), new Shape(9)),
        ["elu"] = () => Graphs.Of(new Elu(0.5f), new Shape(9)),
        ["hard sigmoid"] = () => Graphs.Of(new HardSigmoid(0.25f, 0.4f), new Shape(9)),
        ["hard swish"] = () => Graphs.Of(new HardSwish(), new Shape(9)),
        ["sigmoid"] = () => Graphs.Of(new Sigmoid(), new Shape(9)),
        ["tanh"] = () => Graphs.Of(new Tanh(), new Shape(9)),
        ["erf"] = () => Graphs.Of(new Erf(), new Shape(9)),
        ["softplus"] = () => Graphs.Of(new Softplus(), new Shape(9)),
        ["gelu"] = () => Graphs.Of(new Gelu(), new Shape(9)),
        ["gelu by tanh"] = () => Graphs.Of(new Gelu(Tanh: true), new Shape(9)),
        ["softmax"] = () => Graphs.Of(new Softmax(1), new Shape(2, 9)),
        ["log softmax"] = () => Graphs.Of(new Softmax(-1, Log: true), new Shape(2, 9)),
        ["layer normalisation"] = () => Graphs.Of(new LayerNormalization(2, 1e-3f), new Shape(4, 2, 9), Graphs.Ramp(2, 9), Graphs.Ramp(2, 9)),
        ["instance normalisation"] = () => Graphs.Of(new InstanceNormalization(1e-3f), new Shape(2, 9), Graphs.Ramp(2), Graphs.Ramp(2)),
        ["reduce sum"] = () => Graphs.Of(new Reduce(Reduction.Sum, [1], KeepDims: false), new Shape(2, 9)),
        ["reduce mean"] = () => Graphs.Of(new Reduce(Reduction.Mean, [-1]), new Shape(2, 9)),
        ["reduce max"] = () => Graphs.Of(new Reduce(Reduction.Max, [1, 2]), new Shape(2, 9)),
        ["matrix product with a weight"] = () => Graphs.Of(new MatMul(HasWeight: true), new Shape(2, 9), Graphs.Ramp(9, 3)),
        ["matrix products"] = () => Graphs.Of(new MatMul(), new Shape(2, 9), Graphs.Ramp(1, 9, 3)),
        ["transpose"] = () => Graphs.Of(new Transpose([0, 2, 3, 1]), new Shape(2, 3, 4)),
        ["concat"] = () => Graphs.Of(new Concat(1), new Shape(2, 3), Graphs.Ramp(1, 4, 3)).With(nodes:
            [new Node("twice", new Concat(2), ["x", "x"], ["y"])], constants: ImmutableDictionary<string, Tensor>.Empty),
        ["split"] = () => Graphs.Of(new Relu(), new Shape(5, 3)).With(nodes: [new Node("cut", new Split(1, [2, 3]), ["x"], ["y", "z"])], outputs: ["y", "z"]),
        ["slice"] = () => Graphs.Of(new Slice([new(1, -1, -int.MaxValue, -2), new(2, 1, int.MaxValue)]), new Shape(5, 3)),
        ["pad"] = () => Graphs.Of(new Pad([0, 1, 2], [0, 0, -1], Value: 1.5f), new Shape(5, 3)),
        ["pad that mirrors"] = () => Graphs.Of(new Pad([0, 1, 2], [0, 0, 1], PadMode.Reflect), new Shape(5, 3)),
        ["resize by scales"] = () => Graphs.Of(new Resize([1, 1, 2, 1.5f], [], ResizeMode.Linear, ResizeCoordinates.Asymmetric), new Shape(2, 4, 4)),
        ["resize to sizes"] = () => Graphs.Of(new Resize([], [0, 0, 7, 3], Rounding: ResizeRounding.Ceil), new Shape(2, 4, 4)),
        ["squeeze"] = () => Graphs.Of(new Squeeze([1, 3]), new Shape(1, 3, 1)),
        ["unsqueeze"] = () => Graphs.Of(new Unsqueeze([1, 3]), new Shape(3)),
        ["expand"] = () => Graphs.Of(new Expand([1, 4, 3]), new Shape(1, 3)),
        ["expand over the batch"] = () => Graphs.Of(new Expand([Expand.Batch, 4, 3]), new Shape(2), Graphs.Ramp(4, 1)).With(nodes:
            [new Node("token", new Expand([Expand.Batch, 4, 3]), ["c0", "x"], ["y"])]),
        ["where, a constant condition"] = () => Graphs.Of(new Where(), new Shape(2, 3), Graphs.Ramp(2, 1), new Tensor(new Shape(3), [0, 1, 1])).With(nodes:
            [new Node("take", new Where(), ["c1", "x", "c0"], ["y"])]),
        ["compare and choose"] = () => Graphs.Of(new Relu(), new Shape(3), Graphs.Ramp(3)).With(nodes:
            [new Node("test", new Compare(Relation.LessOrEqual), ["x", "c0"], ["s"]), new Node("take", new Where(), ["s", "x", "c0"], ["y"])]),
        ["casts"] = () => Graphs.Of(new Cast(CastTarget.Integer), new Shape(3)).With(nodes:
            [new Node("whole", new Cast(CastTarget.Integer), ["x"], ["w"]), new Node("some", new Cast(CastTarget.Boolean), ["w"], ["y"])]),
        ["embedding"] = () => new Graph(
            "one",
            [new GraphInput("ids", new Shape(5), IsInteger: true)],
            [new Node("look", new Gather(0), ["table", "ids"], ["e"]), new Node("sum", new Relu(), ["e"], ["y"]), new Node("r", new Relu(), ["ids"], ["z"])],
            ImmutableDictionary<string, Tensor>.Empty.Add("table", Graphs.Ramp(7, 4)),
            ["y", "z"],
            opset: 14),
        ["gather of an activation"] = () => Graphs.Of(new Gather(1), new Shape(5, 3), new Tensor(new Shape(2), [0, 3])),
        ["scale"] = () => Graphs.Of(new Scale(-1.5f), new Shape(2, 9)),
    };

    public static TheoryData<string> Names => [.. s_graphs.Keys];

    internal static IEnumerable<Graph> All => s_graphs.Values.Select(make => make());

    [Theory]
    [MemberData(nameof(Names))]
    public void What_is_written_reads_back_the_same(string name)
    {
        Graph graph = s_graphs[name]();
        byte[] bytes = OnnxWriter.Write(graph);
        Graph back = OnnxReader.Read(bytes, Protos.FileName);
        Graphs.AssertSame(graph, back);
        Assert.Equal(bytes, OnnxWriter.Write(back));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void What_is_written_in_any_operator_set_reads_back_the_same(string name)
    {
        Graph graph = s_graphs[name]();
        for (int opset = OnnxWriter.OldestOpset; opset <= OnnxWriter.NewestOpset; opset++)
        {
            Graph older = new(graph.Name, graph.Inputs, graph.Nodes, graph.Constants, graph.Outputs, opset);
            Graph back = OnnxReader.Read(OnnxWriter.Write(older), Protos.FileName);
            Assert.Equal(OnnxWriter.OpsetOf(older), back.Opset);
            Graphs.AssertSame(graph, back);
        }
    }

    [Theory]
    [InlineData("layer normalisation")]
    [InlineData("reduce sum")]
    [InlineData("reduce mean")]
    [InlineData("reduce max")]
    [InlineData("split")]
    [InlineData("pad")]
    [InlineData("resize to sizes")]
    [InlineData("compare and choose")]
    [InlineData("embedding")]
    public void What_is_written_in_any_operator_set_gives_the_same_answers_in_another_runtime(string name)
    {
        OnnxRuntime.SkipUnlessPresent();
        Graph graph = s_graphs[name]();
        GraphInput input = graph.Inputs[0];
        Tensor samples = Programs.Counting([2, .. input.SampleShape.Extents]);
        samples.Span.Fill(1);
        string path = Path.GetTempFileName();
        foreach (int opset in (int[])[13, 18, 21])
        {
            File.WriteAllBytes(path, OnnxWriter.Write(new Graph(graph.Name, graph.Inputs, graph.Nodes, graph.Constants, graph.Outputs, opset)));
            OnnxRuntime.AssertClose(OnnxRuntime.Run(path, samples), Programs.Run(graph, 2, (_, tensor) => tensor.Span.Fill(1))[0].Span);
        }
        File.Delete(path);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_sample_has_the_same_bits_in_any_batch_and_place(string name)
    {
        Graph graph = s_graphs[name]();
        using Workers workers = new(2);
        ProgramContext context = new(KernelSet.Current, workers);
        GraphInput input = graph.Inputs[0];
        Tensor samples = new(input.SampleShape.Prepend(5));
        new SeededRandom(11).FillUniform(samples.Span, 2);
        Tensor together = Forward(graph, samples, context);
        for (int i = 0; i < 5; i++)
            Assert.Equal(Forward(graph, samples.Rows(i, 1), context).Span.ToArray(), together.Rows(i, 1).Span.ToArray());
    }

    private static Tensor Forward(Graph graph, Tensor samples, ProgramContext context)
    {
        Dictionary<string, Tensor> none = [];
        GraphProgram program = GraphProgram.Compile(graph, samples.Shape[0], none, none, context);
        samples.Span.CopyTo(program.Value(graph.Inputs[0].Name).Span);
        program.Forward();
        return program.Value(graph.Outputs[0]).Clone();
    }

    [Fact]
    public void A_softmax_over_several_axes_is_written_as_one_over_rows()
    {
        Graph graph = Graphs.Of(new Softmax(1, Log: true, ToEnd: true), new Shape(2, 9));
        Graph back = OnnxReader.Read(OnnxWriter.Write(graph), Protos.FileName);
        Assert.Equal(["Reshape", "LogSoftmax", "Reshape"], back.Nodes.Select(node => node.Op.Type));
        Tensor samples = new(new Shape(3, 2, 9));
        new SeededRandom(2).FillUniform(samples.Span, 3);
        using Workers workers = new(1);
        ProgramContext context = new(KernelSet.Current, workers);
        Assert.Equal(Forward(graph, samples, context).Span.ToArray(), Forward(back, samples, context).Span.ToArray());
    }

    [Fact]
    public void The_file_says_what_runtimes_look_for()
    {
        ModelProto model = ModelProto.Parser.ParseFrom(OnnxWriter.Write(Graphs.Network()));
        Assert.Equal((8, "skiptune", 17), (model.IrVersion, model.ProducerName, model.OpsetImport.Single().Version));
        ValueInfoProto input = Assert.Single(model.Graph.Input);
        Assert.Equal("batch", input.Type.TensorType.Shape.Dim[0].DimParam);
        Assert.Equal([1, 8, 8], input.Type.TensorType.Shape.Dim.Skip(1).Select(dim => (int)dim.DimValue));
        Assert.Equal(["logits", "features"], model.Graph.Output.Select(output => output.Name));
        Assert.All(model.Graph.Output, output => Assert.Equal("batch", output.Type.TensorType.Shape.Dim[0].DimParam));
        Assert.All(model.Graph.Initializer, tensor => Assert.False(tensor.RawData.IsEmpty));
    }

    [Fact]
    public void Conditions_that_are_read_as_numbers_too_are_cast()
    {
        Graph graph = Graphs.Of(new Relu(), new Shape(3), Graphs.Ramp(3)).With(nodes:
        [
            new Node("test", new Compare(Relation.Greater), ["x", "c0"], ["s"]), new Node("take", new Where(), ["s", "x", "c0"], ["a"]),
            new Node("sum", new Add(), ["s", "a"], ["y"]), new Node("odd", new Where(), ["x", "s", "a"], ["z"]),
        ], outputs: ["y", "z"]);
        ModelProto model = ModelProto.Parser.ParseFrom(OnnxWriter.Write(graph));
        Assert.Equal(["Greater", "Cast", "Cast", "Where", "Add", "Cast", "Where"], model.Graph.Node.Select(node => node.OpType));
        Graph back = OnnxReader.Read(OnnxWriter.Write(graph), Protos.FileName);
        Assert.Equal(Programs.Run(graph, 2)[0].Span.ToArray(), Programs.Run(back, 2)[0].Span.ToArray());
        Assert.Equal(Programs.Run(graph, 2)[1].Span.ToArray(), Programs.Run(back, 2)[1].Span.ToArray());
    }

    [Theory]
    [InlineData(7, 13)]
    [InlineData(14, 14)]
    [InlineData(18, 18)]
    [InlineData(21, 21)]
    public void The_operator_set_is_kept_where_it_is_written(int opset, int expected)
    {
        Graph small = Graphs.Of(new Relu(), new Shape(3));
        Graph graph = new(small.Name, small.Inputs, small.Nodes, small.Constants, small.Outputs, opset);
        Assert.Equal(expected, ModelProto.Parser.ParseFrom(OnnxWriter.Write(graph)).OpsetImport.Single().Version);
        Assert.Equal(expected, OnnxReader.Read(OnnxWriter.Write(graph), Protos.FileName).Opset);
    }

    [Fact]
    public void A_zero_attribute_is_in_the_file()
    {
        ModelProto model = ModelProto.Parser.ParseFrom(OnnxWriter.Write(Graphs.Of(new Gemm(TransposeB: false), new Shape(3), Graphs.Ramp(3, 2))));
        Assert.True(model.Graph.Node.Single().Attribute.Single().HasI);
    }

    [Fact]
    public void Constants_that_nothing_reads_are_not_written()
    {
        Graph graph = Graphs.Of(new Relu(), new Shape(3));
        graph = graph.With(constants: graph.Constants.Add("unused", Graphs.Ramp(1000)));
        Assert.Empty(OnnxReader.Read(OnnxWriter.Write(graph), Protos.FileName).Constants);
    }

    [Fact]
    public void A_weight_that_is_not_finite_is_not_written()
    {
        Tensor weight = Graphs.Ramp(2, 3);
        weight.Span[4] = float.NaN;
        SkiptuneException error = Assert.Throws<SkiptuneException>(() => OnnxWriter.Write(Graphs.Of(new Gemm(), new Shape(3), weight)));
        Assert.Contains("'c0'", error.Message);
    }

    [Theory]
    [InlineData(1f)]
    [InlineData(0.5f)]
    public void Adapters_become_matrix_products(float factor)
    {
        // The image is tapped as it is, the vector of the first layer too; the name of a part is already taken.
        Node[] nodes =
        [
            new("adapter.down0", new Flatten(), ["image"], ["flat"]),
            new("fc", new Gemm(), ["flat", "w"], ["base"]),
            new("adapter", new LowRankAdapter(2, factor), ["base", "image", "flat", "a0", "a1", "b0", "b1"], ["logits"]),
        ];
        ImmutableDictionary<string, Tensor> constants = new Dictionary<string, Tensor>(StringComparer.Ordinal)
        {
            ["w"] = Graphs.Ramp(3, 8),
            ["a0"] = Graphs.Ramp(4, 8),
            ["a1"] = Graphs.Ramp(4, 8),
            ["b0"] = Graphs.Ramp(3, 4),
            ["b1"] = Graphs.Ramp(3, 4),
        }.ToImmutableDictionary();
        Graph graph = new("g", [new GraphInput("image", new Shape(2, 2, 2))], nodes, constants, ["logits"]);
        Graph back = OnnxReader.Read(OnnxWriter.Write(graph), Protos.FileName);

        Node last = back.ProducerOf("logits")!;
        Assert.IsType<Add>(last.Op);
        Assert.Equal("base", last.Inputs[0]);
        Node sum = back.ProducerOf(last.Inputs[1])!;
        if (factor != 1)
        {
            Assert.Equal(new Scale(factor), sum.Op);
            sum = back.ProducerOf(sum.Inputs[0])!;
        }
        Assert.IsType<Add>(sum.Op);
        AssertTap(back, sum.Inputs[0], "a0", "b0", down => Assert.Equal(("image", new Flatten()), (back.ProducerOf(down)!.Inputs[0], back.ProducerOf(down)!.Op)));
        AssertTap(back, sum.Inputs[1], "a1", "b1", down => Assert.Equal("flat", down));
        Assert.Equal(back.Nodes.Length, back.Nodes.Select(node => node.Name).Distinct().Count());
        Assert.Equal(OnnxWriter.Write(back), OnnxWriter.Write(OnnxReader.Read(OnnxWriter.Write(back), Protos.FileName)));
    }

    private static void AssertTap(Graph graph, string value, string a, string b, Action<string> assertInput)
    {
        Node up = graph.ProducerOf(value)!;
        Node down = graph.ProducerOf(up.Inputs[0])!;
        Assert.Equal((new Gemm(), b, new Gemm(), a), ((Gemm)up.Op, up.Inputs[1], (Gemm)down.Op, down.Inputs[1]));
        assertInput(down.Inputs[0]);
    }
}
