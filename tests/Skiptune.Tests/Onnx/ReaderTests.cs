using Google.Protobuf;
using Skiptune.Networks;
using Skiptune.Numerics;
using Skiptune.Onnx;
using Skiptune.Onnx.Proto;
using static Skiptune.Tests.Onnx.Protos;

namespace Skiptune.Tests.Onnx;

/// <summary>How the forms other tools write are understood.</summary>
public class ReaderTests
{
    private static readonly float[] s_two = [2f, 2f];

    [Fact]
    public void Alpha_and_beta_are_folded_into_the_constants()
    {
        ModelProto model = Dense();
        model.Graph.Node[0].With("alpha", 2f).With("beta", 0.5f);
        Graph graph = Read(model);
        Node node = Assert.Single(graph.Nodes);
        Assert.Equal(new Gemm(TransposeB: true), node.Op);
        Assert.Equal([0.2f, 0.4f], graph.Constants[node.Inputs[1]].Span[..2].ToArray());
        Assert.Equal([0.05f, 0.1f], graph.Constants[node.Inputs[2]].Span.ToArray());
        // The stored ones are not needed any more.
        Assert.Equal(2, graph.Constants.Count);
    }

    [Theory]
    [InlineData(new int[0], 1)]
    [InlineData(new[] { 1 }, 1)]
    [InlineData(new[] { 1, 1 }, 1)]
    [InlineData(new[] { 2 }, 2)]
    [InlineData(new[] { 1, 2 }, 2)]
    public void A_bias_is_spread_over_all_outputs(int[] dims, int count)
    {
        ModelProto model = Dense();
        model.Graph.Initializer[1] = Floats("b", dims, [.. Enumerable.Repeat(2f, count)]);
        Graph graph = Read(model);
        Tensor bias = graph.Constants[graph.Nodes[0].Inputs[2]];
        Assert.Equal(new Shape(2), bias.Shape);
        Assert.Equal(s_two, bias.Span.ToArray());
    }

    [Theory]
    [InlineData(new[] { 2, 1 })]
    [InlineData(new[] { 3 })]
    [InlineData(new[] { 1, 1, 2 })]
    public void A_bias_of_another_form_is_refused(int[] dims)
    {
        ModelProto model = Dense();
        model.Graph.Initializer[1] = Ramp("b", dims);
        Assert.Contains("node 'fc' (Gemm): its bias 'b'", ReadError(model));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_product_takes_in_the_bias_added_to_it(bool biasFirst)
    {
        Graph graph = Read(Model(
            Value("x", "n", 3),
            [Node("MatMul", "mm", ["x", "w"], "p"), Node("Add", "plus", biasFirst ? ["b", "p"] : ["p", "b"], "y")],
            [Ramp("w", 3, 2), Ramp("b", 1, 2)]));
        Node node = Assert.Single(graph.Nodes);
        Assert.Equal(new Gemm(TransposeB: false), node.Op);
        Assert.Equal((3, "y"), (node.Inputs.Length, node.Output));
        Assert.Equal(new Shape(2), graph.Constants[node.Inputs[2]].Shape);
    }

    [Fact]
    public void A_product_that_is_read_twice_keeps_its_value()
    {
        // Through an Identity, which is no node in the end.
        Graph graph = Read(Model(
            Value("x", "n", 3),
            [
                Node("MatMul", "mm", ["x", "w"], "p"), Node("Identity", "same", ["p"], "q"), Node("Identity", "also", ["q"], "r"),
                Node("Add", "plus", ["r", "b"], "s"), Node("Add", "sum", ["s", "q"], "y"),
            ],
            [Ramp("w", 3, 2), Ramp("b", 2)]));
        Assert.Equal([new Gemm(TransposeB: false), new Add(1), new Add()], graph.Nodes.Select(node => node.Op));
    }

    [Fact]
    public void Any_number_of_values_are_taken_two_by_two()
    {
        Graph graph = Read(Model(Value("x", "n", 3), [Node("Max", "m", ["b", "x", "x"], "y"), Node("Sum", "s", ["y"], "z")], [Ramp("b", 3)], "z"));
        Assert.Equal([new Max(), new Max()], graph.Nodes.Take(2).Select(node => node.Op));
        Assert.Equal(["b", "x"], graph.Nodes[0].Inputs);
        Assert.Equal([graph.Nodes[0].Output, "x"], graph.Nodes[1].Inputs);
    }

    [Theory]
    [InlineData(0, 3, 0)]
    [InlineData(1, 4, 1)]
    public void Positions_over_the_edge_are_kept_by_padding(int ceil, int outputs, int padding)
    {
        Graph graph = Read(Model(
            Value("x", "n", 1, 8), [Node("MaxPool", "p", ["x"], "y").With("kernel_shape", [3]).With("strides", [2]).With("ceil_mode", ceil)], []));
        Assert.Equal(new Shape(5, 1, outputs), ShapeInference.Infer(graph, 5)["y"]);
        Assert.Equal(padding, ((MaxPool)graph.Nodes[0].Op).Window.PadRight);
    }

    [Theory]
    [InlineData("SAME_UPPER", 2, 0, 1)]
    [InlineData("SAME_LOWER", 2, 1, 0)]
    [InlineData("SAME_UPPER", 1, 1, 1)]
    [InlineData("VALID", 2, 0, 0)]
    [InlineData("NOTSET", 2, 0, 0)]
    public void Automatic_padding_becomes_numbers(string pad, int stride, int before, int after)
    {
        NodeProto node = Node("Conv", "c", ["x", "w"], "y").With("auto_pad", pad).With("strides", [stride, stride]);
        Window window = Assert.IsType<Conv>(Read(OverImage(node, Ramp("w", 4, 2, 3, 3))).Nodes.Single().Op).Window;
        Assert.Equal((before, before, after, after), (window.PadTop, window.PadLeft, window.PadBottom, window.PadRight));
        Assert.Equal((3, 3, stride), (window.Height, window.Width, window.StrideX));
    }

    [Fact]
    public void Nodes_that_do_nothing_leave_only_their_name()
    {
        Graph graph = Read(Model(
            Value("x", "n", 3),
            [
                Node("Dropout", "drop", ["x", "ratio", "training"], "d"), Node("Identity", "same", ["w"], "w2"), Node("Gemm", "fc", ["d", "w2"], "f"),
                Node("Identity", "end", ["f"], "y"),
            ],
            [Ramp("w", 3, 2), Floats("ratio", [], 0.3f), new TensorProto { Name = "training", DataType = ElementType.Bool, Int32Data = { 0 } }]));
        Node node = Assert.Single(graph.Nodes);
        Assert.Equal(["x", "w"], node.Inputs);
        Assert.Equal("y", node.Output);
    }

    [Fact]
    public void A_model_of_nothing_and_one_with_a_result_twice_keep_their_output_names()
    {
        Graph copy = Read(Model(Value("x", "n", 3), [Node("Identity", "same", ["x"], "y")], []));
        Assert.Equal(new Scale(1), Assert.Single(copy.Nodes).Op);

        ModelProto model = Model(
            Value("x", "n", 3), [Node("Relu", "r", ["x"], "a"), Node("Identity", "i", ["a"], "y"), Node("Identity", "j", ["a"], "z")], []);
        model.Graph.Output.Add(Value("z", "n"));
        Graph twice = Read(model);
        Assert.Equal(["y", "z"], twice.Outputs);
        Assert.Equal(["Relu", "Mul"], twice.Nodes.Select(node => node.Op.Type));
    }

    [Fact]
    public void Constants_may_be_nodes_in_every_form()
    {
        NodeProto tensor = Node("Constant", "c1", [], "w");
        tensor.Attribute.Add(new AttributeProto { Name = "value", Type = AttributeProto.Types.AttributeType.Tensor, T = Ramp("", 3, 2) });
        NodeProto numbers = Node("Constant", "c2", [], "b");
        numbers.Attribute.Add(new AttributeProto { Name = "value_floats", Type = AttributeProto.Types.AttributeType.Floats, Floats = { 1, 2 } });
        NodeProto[] nodes =
        [
            tensor, numbers, Node("Constant", "c3", [], "s").With("value_ints", [-1, 3]), Node("Constant", "c4", [], "f").With("value_float", 2f),
            Node("Reshape", "r", ["x", "s"], "v"), Node("Gemm", "fc", ["v", "w", "b"], "g"), Node("Mul", "twice", ["f", "g"], "y"),
        ];
        Graph graph = Read(Model(Value("x", "n", 3, 1), nodes, []));
        Assert.Equal([new Reshape([-1, 3]), new Gemm(TransposeB: false), new Scale(2)], graph.Nodes.Select(node => node.Op));
    }

    [Fact]
    public void A_batch_size_fixed_at_export_is_forgotten()
    {
        Graph graph = Read(Model(Value("x", 1, 2, 3), [Node("Reshape", "r", ["x", "s"], "y")], [Integers("s", 1, 6)]));
        Assert.Equal(new Reshape([0, 6]), graph.Nodes.Single().Op);
        Assert.Equal(new Shape(7, 6), ShapeInference.Infer(graph, 7)["y"]);
    }

    [Fact]
    public void Weights_listed_as_inputs_too_and_unused_ones_are_fine()
    {
        ModelProto model = Dense();
        model.Graph.Input.Add(Value("w", 2, 3));
        model.Graph.Initializer.Add(new TensorProto { Name = "unused", DataType = 3, Dims = { 5 } });
        model.Graph.Initializer[0] = new TensorProto { Name = "w", DataType = ElementType.Float, Dims = { 2, 3 }, FloatData = { 1, 2, 3, 4, 5, 6 } };
        Graph graph = Read(model);
        Assert.Equal("x", Assert.Single(graph.Inputs).Name);
        Assert.Equal(["b", "w"], graph.Constants.Keys.Order());
        Assert.Equal(6, graph.Constants["w"].Span[5]);
    }

    [Fact]
    public void Nodes_without_names_get_ones_that_are_free()
    {
        Graph graph = Read(Model(Value("x", "n", 3), [Node("Relu", "", ["x"], "a"), Node("Relu", "Relu_0", ["a"], "y")], []));
        Assert.Equal(["Relu_0_1", "Relu_0"], graph.Nodes.Select(node => node.Name));
    }

    [Theory]
    [InlineData(7)]
    [InlineData(21)]
    public void The_oldest_and_the_newest_operator_set_are_read(int opset)
    {
        ModelProto model = Dense();
        model.OpsetImport[0].Version = opset;
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "ai.onnx.ml", Version = 99 });
        Assert.Single(Read(model).Nodes);
    }

    [Fact]
    public void A_stream_is_read_to_its_end()
    {
        using MemoryStream stream = new(Dense().ToByteArray());
        Assert.Single(OnnxReader.Read(stream, FileName).Nodes);
    }
}
