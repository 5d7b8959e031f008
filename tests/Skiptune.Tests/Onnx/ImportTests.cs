using System.Collections.Immutable;
using Google.Protobuf;
using Skiptune.Networks;
using Skiptune.Numerics;
using Skiptune.Onnx;
using Skiptune.Onnx.Proto;
using Skiptune.Tests.Data;
using Skiptune.Tests.Networks;
using static Skiptune.Tests.Onnx.Protos;

namespace Skiptune.Tests.Onnx;

/// <summary>What exporters compute about shapes, and constants, is gone after import.</summary>
public class ImportTests
{
    [Fact]
    public void View_of_the_batch_becomes_a_reshape()
    {
        // PyTorch: x.view(x.size(0), -1).
        Graph graph = Read(Model(
            Value("x", "n", 2, 3),
            [
                Node("Shape", "s", ["x"], "s"), Node("Gather", "g", ["s", "zero"], "g"), Node("Unsqueeze", "u", ["g", "axis"], "u"),
                Node("Concat", "c", ["u", "open"], "c").With("axis", 0), Node("Reshape", "r", ["x", "c"], "y"),
            ],
            [Scalar("zero", 0), Integers("axis", 0), Integers("open", -1)]));
        Assert.Equal(new Reshape([0, -1]), Assert.Single(graph.Nodes).Op);
        Assert.Equal(new Shape(7, 6), ShapeInference.Infer(graph, 7)["y"]);
    }

    [Fact]
    public void Keras_packs_a_shape_from_slices_of_another()
    {
        // tf.shape -> Cast -> StridedSlice -> Pack, with the product of the other axes computed.
        Graph graph = Read(Model(
            Value("x", "n", 2, 3),
            [
                Node("Shape", "s", ["x"], "s"), Node("Cast", "i", ["s"], "i").With("to", ElementType.Int32),
                Node("Slice", "first", ["i", "at0", "at1", "at0"], "first"), Node("Squeeze", "q", ["first", "at0"], "q"), Node("Unsqueeze", "u", ["q", "at0"], "u"),
                Node("Slice", "rest", ["i", "at1", "at9", "at0"], "rest"), Node("ReduceProd", "p", ["rest"], "p").With("keepdims", 1),
                Node("Cast", "j", ["u"], "j").With("to", ElementType.Int64), Node("Cast", "k", ["p"], "k").With("to", ElementType.Int64),
                Node("Concat", "c", ["j", "k"], "c").With("axis", 0), Node("Reshape", "r", ["x", "c"], "y"),
            ],
            [Integers("at0", 0), Integers("at1", 1), Integers("at9", 9)]));
        Assert.Equal(new Reshape([0, 6]), Assert.Single(graph.Nodes).Op);
    }

    [Fact]
    public void Sizes_are_numbers_without_axes()
    {
        // The size over the batch, as a division by hand; the batch stands at the end of a slice of a reversed shape.
        Graph graph = Read(Model(
            Value("x", "n", 2, 3),
            [
                Node("Size", "size", ["x"], "size"), Node("Shape", "s", ["x"], "s").With("start", -3).With("end", -2), Node("ReduceProd", "p", ["s"], "n").With("keepdims", 0),
                Node("Div", "d", ["size", "n"], "rest"), Node("Unsqueeze", "u", ["rest", "v0"], "u"), Node("Unsqueeze", "v", ["n", "v0"], "v"),
                Node("Concat", "c", ["v", "u"], "c").With("axis", -1), Node("Reshape", "r", ["x", "c"], "y"),
            ],
            [Integers("v0", 0)]));
        Assert.Equal(new Reshape([0, 6]), Assert.Single(graph.Nodes).Op);
    }

    [Fact]
    public void Attention_reshapes_keep_the_batch_through_a_transpose()
    {
        // (n, 4, 6) -> (n, 4, 2, 3) -> (n, 2, 4, 3) -> (n * 2, 4, 3) -> back, with n computed from the shape.
        Graph graph = Read(Model(
            Value("x", "n", 4, 6),
            [
                Node("Shape", "s", ["x"], "s"), Node("Gather", "g", ["s", "v0"], "n"),
                Node("Concat", "c1", ["n", "v4", "v2", "v3"], "heads").With("axis", 0), Node("Reshape", "r1", ["x", "heads"], "a"),
                Node("Transpose", "t1", ["a"], "b").With("perm", [0, 2, 1, 3]),
                Node("Mul", "m", ["n", "v2"], "n2"), Node("Concat", "c2", ["n2", "v4", "v3"], "flat").With("axis", 0), Node("Reshape", "r2", ["b", "flat"], "d"),
                Node("Relu", "relu", ["d"], "e"),
                Node("Div", "half", ["n2", "v2"], "n1"), Node("Concat", "c3", ["n1", "v2", "v4", "v3"], "unflat").With("axis", 0), Node("Reshape", "r3", ["e", "unflat"], "f"),
                Node("Transpose", "t2", ["f"], "h").With("perm", [0, 2, 1, 3]), Node("Concat", "c4", ["n", "v4", "open"], "last").With("axis", 0), Node("Reshape", "r4", ["h", "last"], "y"),
            ],
            [Integers("v0", 0), Integers("v2", 2), Integers("v3", 3), Integers("v4", 4), Integers("open", -1)]));
        Assert.Equal(["Reshape", "Transpose", "Reshape", "Relu", "Reshape", "Transpose", "Reshape"], graph.Nodes.Select(node => node.Op.Type));
        Tensor y = Programs.Run(graph, batch: 3)[0];
        Assert.Equal(Programs.Counting(3, 4, 6).Span.ToArray(), y.Span.ToArray());
    }

    [Fact]
    public void The_batch_may_stand_behind_another_axis()
    {
        Graph graph = Read(Model(
            Value("x", "n", 4, 6),
            [
                Node("Transpose", "t", ["x"], "a").With("perm", [1, 0, 2]), Node("Shape", "s", ["a"], "s"), Node("Gather", "g", ["s", "v1"], "n"),
                Node("Concat", "c", ["v4", "n", "v2", "open"], "c").With("axis", 0), Node("Reshape", "r", ["a", "c"], "b"), Node("Transpose", "u", ["b"], "y").With("perm", [1, 0, 2, 3]),
            ],
            [Integers("v1", 1), Integers("v2", 2), Integers("v4", 4), Integers("open", -1)]));
        Tensor y = Programs.Run(graph, batch: 3)[0];
        Assert.Equal((new Shape(3, 4, 2, 3), 72f), (y.Shape, y.Span[^1]));
        Assert.Equal(Programs.Counting(3, 4, 6).Span.ToArray(), y.Span.ToArray());
    }

    [Fact]
    public void A_class_token_is_expanded_over_the_batch()
    {
        Graph graph = Read(Model(
            Value("x", "n", 2, 3),
            [
                Node("Shape", "s", ["x"], "s"), Node("Gather", "g", ["s", "zero"], "n"), Node("Concat", "c", ["n", "ones"], "c").With("axis", 0),
                Node("Equal", "eq", ["c", "minus"], "eq"), Node("Where", "w", ["eq", "c", "c"], "target"),
                Node("Expand", "e", ["token", "target"], "e"), Node("Concat", "cat", ["e", "x"], "y").With("axis", 1),
            ],
            [Integers("zero", 0), Integers("ones", 1, 3), Integers("minus", -1), Floats("token", [1, 1, 3], 7, 8, 9)]));
        Tensor y = Programs.Run(graph, batch: 2)[0];
        Assert.Equal([7, 8, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9, 7, 8, 9, 10, 11, 12], y.Span.ToArray());
    }

    [Fact]
    public void Zeros_of_the_batch_and_masks_of_a_range_are_made()
    {
        Graph graph = Read(Model(
            Value("x", "n", 4),
            [
                Node("Shape", "s", ["x"], "s"), Node("ConstantOfShape", "z", ["s"], "zeros"),
                Node("Range", "r", ["v0", "v4", "v1"], "r"), Node("Less", "l", ["r", "v2"], "l"), Node("Where", "w", ["l", "x", "zeros"], "y"),
            ],
            [Scalar("v0", 0), Scalar("v1", 1), Scalar("v2", 2), Scalar("v4", 4)]));
        Assert.Equal([1, 2, 0, 0, 5, 6, 0, 0], Programs.Run(graph, batch: 2)[0].Span.ToArray());
        Graph back = OnnxReader.Read(OnnxWriter.Write(graph), FileName);
        Assert.Equal([1, 2, 0, 0, 5, 6, 0, 0], Programs.Run(back, batch: 2)[0].Span.ToArray());
    }

    [Fact]
    public void Float_constants_are_folded_with_the_ordinary_kernels()
    {
        Graph graph = Read(Model(
            Value("x", "n", 3),
            [
                Node("Transpose", "t", ["w"], "wt"), Node("Relu", "r", ["wt"], "wr"), Node("Gather", "pick", ["wr", "rows"], "wp"), Node("MatMul", "mm", ["x", "wp"], "y"),
            ],
            [Floats("w", [2, 3], 1, -2, 3, -4, 5, -6), Integers("rows", 2, 1, 0)]));
        Node node = Assert.Single(graph.Nodes);
        Assert.Equal([3, 0, 0, 5, 1, 0], graph.Constants[node.Inputs[1]].Span.ToArray());
        Assert.Single(graph.Constants);
    }

    [Fact]
    public void Transposes_that_undo_each_other_are_gone()
    {
        Graph graph = Read(Model(
            Value("x", "n", 2, 3),
            [
                Node("Transpose", "a", ["x"], "a").With("perm", [0, 2, 1]), Node("Transpose", "b", ["a"], "b").With("perm", [0, 2, 1]),
                Node("Relu", "r", ["b"], "c"), Node("Transpose", "d", ["c"], "d").With("perm", [2, 0, 1]), Node("Transpose", "e", ["d"], "y").With("perm", [1, 0, 2]),
            ],
            []));
        Assert.Equal([new Relu(), new Transpose([0, 2, 1])], graph.Nodes.Select(node => node.Op));
        Assert.Equal("x", graph.Nodes[0].Inputs[0]);
    }

    [Theory]
    [InlineData(ElementType.Float16, new byte[] { 0x00, 0x3E, 0x00, 0xC0 })]
    [InlineData(ElementType.BFloat16, new byte[] { 0xC0, 0x3F, 0x00, 0xC0 })]
    [InlineData(ElementType.Float64, new byte[] { 0, 0, 0, 0, 0, 0, 0xF8, 0x3F, 0, 0, 0, 0, 0, 0, 0x00, 0xC0 })]
    public void Other_floats_are_widened(int type, byte[] bytes)
    {
        TensorProto tensor = new() { Name = "w", DataType = type, Dims = { 1, 2 }, RawData = ByteString.CopyFrom(bytes) };
        Graph graph = Read(Model(Value("x", "n", 1), [Node("MatMul", "m", ["x", "w"], "y")], [tensor]));
        Assert.Equal([1.5f, -2], graph.Constants["w"].Span.ToArray());
    }

    [Fact]
    public void Integers_are_weights_where_they_are_exact()
    {
        TensorProto Weight(int type, int value) => new() { Name = "w", DataType = type, Dims = { 1, 2 }, Int32Data = { value, -3 } };
        ModelProto Of(TensorProto tensor) => Model(Value("x", "n", 1), [Node("MatMul", "m", ["x", "w"], "y")], [tensor]);
        Assert.Equal([5, -3], Read(Of(Weight(ElementType.Int8, 5))).Constants["w"].Span.ToArray());
        Assert.Contains("no exact float32", ReadError(Of(Weight(ElementType.Int32, (1 << 24) + 1))));
    }

    [Fact]
    public void Old_forms_with_attributes_are_read()
    {
        ModelProto model = Model(
            Value("x", "n", 1, 4, 4),
            [
                Node("Slice", "s", ["x"], "a").With("starts", [1]).With("ends", [long.MaxValue]).With("axes", [2]),
                Node("Pad", "p", ["a"], "b").With("pads", [0, 0, 1, 0, 0, 0, 0, 0]).With("mode", "edge"),
                Node("Squeeze", "q", ["b"], "c").With("axes", [1]), Node("Unsqueeze", "u", ["c"], "d").With("axes", [-3]),
                Node("Upsample", "up", ["d"], "e"), Node("Split", "cut", ["e"], "f", "y").With("axis", 3).With("split", [2, 6]),
            ],
            [],
            opset: 7);
        model.Graph.Node[4].Attribute.Add(new AttributeProto { Name = "scales", Type = AttributeProto.Types.AttributeType.Floats, Floats = { 1, 1, 2, 2 } });
        Graph graph = Read(model);
        Assert.Equal(7, graph.Opset);
        Assert.Equal(new Shape(1, 1, 8, 6), ShapeInference.Infer(graph, 1)["y"]);
        Assert.Equal([6, 6, 7, 7, 8, 8], Programs.Run(graph)[0].Span[..6].ToArray());
        Assert.Equal(13, ModelProto.Parser.ParseFrom(OnnxWriter.Write(graph)).OpsetImport[0].Version);
    }

    [Fact]
    public void Token_ids_are_an_integer_input_of_a_chosen_length()
    {
        ModelProto model = Model(Value("ids", "n", "T"), [Node("Gather", "e", ["table", "ids"], "y")], [Ramp("table", 5, 2)]);
        model.Graph.Input[0].Type.TensorType.ElemType = ElementType.Int64;
        Assert.Contains("'T'", ReadError(model));
        Graph graph = OnnxReader.Read(model.ToByteArray(), FileName, new OnnxReadOptions { Dimensions = ImmutableDictionary<string, int>.Empty.Add("T", 3) });
        Assert.Equal(new GraphInput("ids", new Shape(3), IsInteger: true), graph.Inputs.Single());
        Tensor y = Programs.Run(graph, fill: (_, ids) => new float[] { 4, 0, 1 }.CopyTo(ids.Span))[0];
        Assert.Equal([0.9f, 1.0f, 0.1f, 0.2f, 0.3f, 0.4f], y.Span.ToArray(), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void A_batch_that_is_cut_up_is_refused()
    {
        string error = ReadError(Model(
            Value("x", "n", 4),
            [Node("Shape", "s", ["x"], "s"), Node("Slice", "cut", ["x", "v0", "s", "v0"], "y")],
            [Integers("v0", 0)]));
        Assert.Contains("node 'cut' (Slice)", error);
    }

    [Fact]
    public void A_huge_constant_of_a_shape_is_refused()
    {
        Assert.Contains("too large", ReadError(Model(
            Value("x", "n", 4), [Node("ConstantOfShape", "z", ["s"], "z"), Node("Add", "a", ["x", "z"], "y")], [Integers("s", 1 << 20, 1 << 20)])));
        Assert.Contains("node 'r' (Range)", ReadError(Model(
            Value("x", "n", 4), [Node("Range", "r", ["a", "b", "c"], "z"), Node("Add", "p", ["x", "z"], "y")], [Scalar("a", 0), Scalar("b", long.MaxValue), Scalar("c", 1)])));
        Assert.Contains("division by 0", ReadError(Model(
            Value("x", "n", 4), [Node("Div", "d", ["a", "b"], "z"), Node("Reshape", "r", ["x", "z"], "y")], [Integers("a", 1), Integers("b", 0)])));
    }

    [Fact]
    public void Many_large_values_computed_at_import_are_refused()
    {
        List<NodeProto> nodes = [];
        for (int i = 0; i < 8; i++)
            nodes.Add(Node("Range", $"r{i}", ["a", "b", "c"], $"z{i}"));
        nodes.Add(Node("Relu", "end", ["x"], "y"));
        Assert.Contains("outgrow its file", ReadError(Model(Value("x", "n", 4), [.. nodes], [Scalar("a", 0), Scalar("b", 1 << 19), Scalar("c", 1)])));
    }

    private static TensorProto Scalar(string name, long value) => new() { Name = name, DataType = ElementType.Int64, Int64Data = { value } };

    [Fact]
    public void Limits_may_be_computed()
    {
        NodeProto[] Clip(params string[] limits) =>
            [Node("ReduceMax", "m", ["x"], "most").With("keepdims", 0), Node("Mul", "h", ["most", "half"], "limit"), Node("Clip", "c", ["x", .. limits], "y")];
        TensorProto[] numbers = [Floats("half", [], 0.5f), Floats("four", [], 4), Floats("infinity", [], float.PositiveInfinity)];
        float[] Run(params string[] limits) => Programs.Run(Read(Model(Value("x", "n", 5), Clip(limits), numbers)))[0].Span.ToArray();
        Assert.Equal([2.5f, 2.5f, 3, 4, 5], Run("limit"));
        Assert.Equal([2.5f, 2.5f, 3, 4, 5], Run("limit", "infinity"));
        Assert.Equal([2.5f, 2.5f, 3, 4, 4], Run("limit", "four"));
        Assert.Equal([1, 2, 2.5f, 2.5f, 2.5f], Run("", "limit"));
        Assert.Equal([2.5f, 2.5f, 2.5f, 2.5f, 2.5f], Run("four", "limit"));
        Assert.Contains("not one number", ReadError(Model(Value("x", "n", 5), [Node("Relu", "r", ["x"], "z"), Node("Clip", "c", ["x", "z"], "y")], [])), StringComparison.Ordinal);
    }
}
