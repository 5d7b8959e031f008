using Google.Protobuf;
using Skiptune.Onnx;
using Skiptune.Onnx.Proto;
using static Skiptune.Tests.Onnx.Protos;

namespace Skiptune.Tests.Onnx;

/// <summary>What is not supported, or not what the file says, is refused with its reason.</summary>
public class RefusalTests
{
    private static readonly Dictionary<string, (string Expected, Func<ModelProto> Model)> s_cases = new(StringComparer.Ordinal)
    {
        ["unsupported nodes"] = ("2 nodes are not supported: 'l' (LSTM): unroll the recurrence before exporting, or adapt the layers after it alone; 'r' (com.acme.Magic): not of the ONNX standard", () =>
        {
            ModelProto model = Dense();
            model.Graph.Node.Add([Node("LSTM", "l", ["x"], "q"), Node("Magic", "", ["x"], "r")]);
            model.Graph.Node[2].Domain = "com.acme";
            return model;
        }
        ),
        ["operators that are only known in shapes"] = ("3 nodes are not supported: 'm', 'n' (Mod): ", () =>
        {
            ModelProto model = Dense();
            model.Graph.Node.Add([Node("Mod", "m", ["x", "b"], "p"), Node("Mod", "n", ["x", "p"], "q"), Node("Mod", "fine", ["b", "w"], "r"), Node("Det", "d", ["w"], "s")]);
            return model;
        }
        ),
        ["opset 6"] = ("operator set 6", () => Changed(model => model.OpsetImport[0].Version = 6)),
        ["opset 22"] = ("operator set 22", () => Changed(model => model.OpsetImport[0].Version = 22)),
        ["no opset"] = ("0 versions", () => Changed(model => model.OpsetImport.Clear())),
        ["two opsets"] = ("2 versions", () => Changed(model => model.OpsetImport.Add(new OperatorSetIdProto { Domain = "ai.onnx", Version = 9 }))),
        ["no graph"] = ("no graph", () => Changed(model => model.Graph = null)),
        ["no outputs"] = ("no outputs", () => Changed(model => model.Graph.Output.Clear())),
        ["an output twice"] = ("listed twice", () => Changed(model => model.Graph.Output.Add(model.Graph.Output[0].Clone()))),
        ["an unknown output"] = ("'nowhere' is defined by nothing", () => Changed(model => model.Graph.Output[0].Name = "nowhere")),
        ["a constant output"] = ("'w' is a constant", () => Changed(model => model.Graph.Output[0].Name = "w")),
        ["no inputs"] = ("no inputs", () => Changed(model => model.Graph.Input.Clear())),
        ["a dynamic axis"] = ("leave the axis 'features' open besides the batch; give it an extent, such as --dim features=16", () => Changed(model => model.Graph.Input[0] = Value("x", "n", "features"))),
        ["a negative axis"] = ("leave the axis 'x:1' open", () => Changed(model => model.Graph.Input[0] = Value("x", "n", -3))),
        ["a huge input"] = ("elements a sample", () => Changed(model => model.Graph.Input[0] = Value("x", "n", 1L << 20, 1L << 20))),
        ["an input of 2^62"] = ("elements a sample", () => Changed(model => model.Graph.Input[0] = Value("x", "n", 1L << 62, 4))),
        ["only a batch"] = ("1 axes", () => Changed(model => model.Graph.Input[0] = Value("x", "n"))),
        ["an input of strings"] = ("is of string", () => Changed(model => model.Graph.Input[0].Type.TensorType.ElemType = 8)),
        ["an input without a shape"] = ("with a shape", () => Changed(model => model.Graph.Input[0].Type = null)),
        ["two inputs of one name"] = ("'x' is defined twice", () => Changed(model => model.Graph.Input.Add(Value("x", "n", 3)))),
        ["two weights of one name"] = ("'w' is defined twice", () => Changed(model => model.Graph.Initializer.Add(Ramp("w", 1)))),
        ["two values of one name"] = ("'y' is defined twice", () => Changed(model => model.Graph.Node.Add(Node("Relu", "r", ["x"], "y")))),
        ["a value over an input"] = ("'x' is defined twice", () => Changed(model => model.Graph.Node.Add(Node("Relu", "r", ["y"], "x")))),
        ["two nodes of one name"] = ("two nodes have the name 'fc'", () => Changed(model => model.Graph.Node.Add(Node("Relu", "fc", ["y"], "z")))),
        ["a weight without a name"] = ("no name", () => Changed(model => model.Graph.Initializer.Add(Ramp("", 1)))),
        ["a missing input"] = ("'w' is defined by nothing", () => Changed(model => model.Graph.Initializer.RemoveAt(0))),
        ["an input left out"] = ("some left out", () => Changed(model => model.Graph.Node[0].Input[1] = "")),
        ["too many inputs"] = ("it has 4 inputs; 2 to 3", () => Changed(model => model.Graph.Node[0].Input.Add("b"))),
        ["no output name"] = ("it has no output", () => Changed(model => model.Graph.Node[0].Output.Clear())),
        ["a cycle"] = ("form a cycle", () => Model(
            Value("x", "n", 3), [Node("Add", "a", ["x", "q"], "p"), Node("Relu", "b", ["p"], "q"), Node("Relu", "c", ["q"], "y")], [])),
        ["a node that reads itself"] = ("form a cycle", () => Model(Value("x", "n", 3), [Node("Relu", "a", ["y"], "y")], [])),
        ["a computed weight"] = ("must be a constant", () => Model(Value("x", "n", 3), [Node("Gemm", "a", ["x", "x"], "y")], [])),
        ["only constants"] = ("'y' is a constant", () => Changed(model => model.Graph.Node[0].Input[0] = "w")),

        ["a negative extent"] = ("'w' cannot have the extent -2", () => Weight(weight => weight.Dims[0] = -2)),
        ["2^40 elements"] = ("'w' of 1048576x1048576 is too large", () => Weight(weight => SetDims(weight, 1 << 20, 1 << 20))),
        ["2^63 elements"] = ("'w' cannot have the extent", () => Weight(weight => SetDims(weight, long.MaxValue, 2))),
        ["2^31 elements"] = ("'w' of 2 elements has 24 bytes", () => Weight(weight => SetDims(weight, 2))),
        ["more extents than data"] = ("'w' of 600 elements has 24 bytes", () => Weight(weight => SetDims(weight, 200, 3))),
        ["no data"] = ("'w' of 6 elements has 0 elements", () => Weight(weight => weight.RawData = ByteString.Empty)),
        ["data twice"] = ("twice", () => Weight(weight => weight.FloatData.Add([1, 2, 3, 4, 5, 6]))),
        ["100 axes"] = ("'w' has 100 axes", () => Weight(weight => SetDims(weight, [.. Enumerable.Repeat(1L, 100)]))),
        ["complex numbers"] = ("'w' is of complex64", () => Weight(weight => weight.DataType = 14)),
        ["float16 of another size"] = ("'w' of 6 elements has 24 bytes", () => Weight(weight => weight.DataType = 10)),
        ["an unheard-of type"] = ("'w' is of type -7", () => Weight(weight => weight.DataType = -7)),
        ["NaN"] = ("'w' holds NaN", () => Weight(weight => weight.RawData = Floats("w", [2, 3], 1, 2, 3, float.NaN, 5, 6).RawData)),
        ["infinity"] = ("'w' holds NaN or infinity", () => Weight(weight => weight.RawData = Floats("w", [2, 3], 1, 2, 3, float.NegativeInfinity, 5, 6).RawData)),
        ["external data"] = ("another file", () => Weight(weight => weight.DataLocation = TensorProto.Types.DataLocation.External)),
        ["a wrong shape"] = ("node 'fc' (Gemm): Gemm's input has 4 values", () => Changed(model => model.Graph.Input[0] = Value("x", "n", 4))),
        ["an empty weight"] = ("is empty", () => Changed(model =>
        {
            model.Graph.Initializer[0] = Floats("w", [0, 3]);
            model.Graph.Node[0].Input.RemoveAt(2);
        })),

        ["an unknown attribute"] = ("attribute 'broadcast'", () => Changed(model => model.Graph.Node[0].With("broadcast", 1))),
        ["an attribute twice"] = ("'transB' stands twice", () => Changed(model => model.Graph.Node[0].With("transB", 1))),
        ["an attribute of another type"] = ("transB should be of type Int, not Float", () => Changed(model => Retype(model.Graph.Node[0]))),
        ["a flag of 2"] = ("transB is 2", () => Changed(model => model.Graph.Node[0].Attribute[0].I = 2)),
        ["a transposed input"] = ("transA = 1", () => Changed(model => model.Graph.Node[0].With("transA", 1))),
        ["alpha NaN"] = ("alpha is NaN", () => Changed(model => model.Graph.Node[0].With("alpha", float.NaN))),
        ["a fold that overflows"] = ("not finite", () => Changed(model =>
        {
            model.Graph.Initializer[1] = Floats("b", [2], 1, 10);
            model.Graph.Node[0].With("beta", float.MaxValue);
        })),
        ["a function's attribute"] = ("outside of one", () => Changed(model => model.Graph.Node[0].Attribute[0].RefAttrName = "t")),

        ["average ceil_mode with padding"] = ("runtimes do not agree", () => OverImage(
            Node("AveragePool", "p", ["x"], "y").With("kernel_shape", [2, 2]).With("ceil_mode", 1).With("count_include_pad", 1))),
        ["no kernel"] = ("kernel_shape is missing", () => OverImage(Node("MaxPool", "p", ["x"], "y"))),
        ["a three-dimensional pool"] = ("kernel_shape has 3 numbers", () => OverImage(Node("MaxPool", "p", ["x"], "y").With("kernel_shape", [2, 2, 2]))),
        ["a pool with indices"] = ("first output", () => OverImage(Node("MaxPool", "p", ["x"], "y", "i").With("kernel_shape", [2, 2]))),
        ["stride 0"] = ("strides is 0", () => OverImage(Node("MaxPool", "p", ["x"], "y").With("kernel_shape", [2, 2]).With("strides", [0, 1]))),
        ["negative pads"] = ("pads is -1", () => OverImage(Node("MaxPool", "p", ["x"], "y").With("kernel_shape", [2, 2]).With("pads", [-1, 0, 0, 0]))),
        ["a huge window"] = ("kernel_shape is 2147483647", () => OverImage(Node("MaxPool", "p", ["x"], "y").With("kernel_shape", [int.MaxValue, 2]))),
        ["a window larger than the image"] = ("does not fit", () => OverImage(Node("MaxPool", "p", ["x"], "y").With("kernel_shape", [9, 9]))),
        ["a pool over padding alone"] = ("padding alone", () => OverImage(Node("MaxPool", "p", ["x"], "y").With("kernel_shape", [2, 2]).With("pads", [2, 0, 0, 0]))),
        ["a pool over padding alone, after"] = ("padding alone", () => OverImage(Node("MaxPool", "p", ["x"], "y").With("kernel_shape", [2, 2]).With("pads", [0, 0, 0, 2]))),
        ["a dilated pool over padding alone"] = ("padding alone", () => Model(
            Value("x", "n", 1, 1, 4), [Node("MaxPool", "p", ["x"], "y").With("kernel_shape", [2, 1]).With("dilations", [2, 1]).With("pads", [1, 0, 1, 0])], [])),
        ["a pool of vectors"] = ("not a batch of one- or two-dimensional images", () => Model(Value("x", "n", 3), [Node("MaxPool", "p", ["x"], "y").With("kernel_shape", [2, 2])], [])),
        ["dilations too early"] = ("attribute 'dilations'", () => OverImage(Node("AveragePool", "p", ["x"], "y").With("kernel_shape", [2, 2]).With("dilations", [2, 2]))),
        ["an odd auto_pad"] = ("auto_pad is 'SOME'", () => OverImage(Node("Conv", "c", ["x", "w"], "y").With("auto_pad", "SOME"), Ramp("w", 1, 2, 3, 3))),
        ["both paddings"] = ("both auto_pad", () => OverImage(
            Node("Conv", "c", ["x", "w"], "y").With("auto_pad", "VALID").With("pads", [1, 1, 1, 1]), Ramp("w", 1, 2, 3, 3))),
        ["another kernel than the weight"] = ("kernel_shape is 5x5", () => OverImage(Node("Conv", "c", ["x", "w"], "y").With("kernel_shape", [5, 5]), Ramp("w", 1, 2, 3, 3))),
        ["a one-dimensional convolution"] = ("does not fit an input", () => OverImage(Node("Conv", "c", ["x", "w"], "y"), Ramp("w", 1, 2, 3))),
        ["groups that do not divide"] = ("3 groups", () => OverImage(Node("Conv", "c", ["x", "w"], "y").With("group", 3), Ramp("w", 3, 2, 3, 3))),
        ["a huge output"] = ("larger than", () => OverImage(
            Node("Conv", "c", ["x", "w"], "y").With("pads", [2999, 2999, 2999, 2999]), Ramp("w", 16, 2, 3, 3))),
        ["an impossible output"] = ("not a possible tensor", () => OverImage(
            Node("Conv", "c", ["x", "w"], "y").With("pads", [32767, 32767, 32767, 32767]), Ramp("w", 1, 2, 3, 3))),
        ["a dilation that spreads an image over all memory"] = ("working memory", () => OverImage(
            Node("Conv", "c", ["x", "w"], "y").With("dilations", [32767, 32767]).With("pads", [16383, 16383, 16383, 16383]), Ramp("w", 1, 2, 2, 2))),
        ["a transposed dilation that does so"] = ("working memory", () => OverImage(
            Node("ConvTranspose", "c", ["x", "w"], "y").With("dilations", [32767, 32767]).With("pads", [16383, 16383, 16383, 16383]), Ramp("w", 2, 1, 2, 2))),

        ["a training normalisation"] = ("training_mode = 1", () => Normalise(node => node.With("training_mode", 1))),
        ["a negative variance"] = ("variance 'v' holds -1", () => Normalise(_ => { }, variance: -1)),
        ["a variance of 0 without epsilon"] = ("variance 'v' holds 0", () => Normalise(node => node.With("epsilon", 0f), variance: 0)),
        ["a training dropout"] = ("training mode", () => Model(
            Value("x", "n", 3),
            [Node("Dropout", "d", ["x", "", "t"], "y")],
            [new TensorProto { Name = "t", DataType = ElementType.Bool, RawData = ByteString.CopyFrom(1) }])),

        ["a reshape across the batch"] = ("node 'r'", () => Model(Value("x", "n", 4), [Node("Reshape", "r", ["x", "s"], "y")], [Integers("s", -1, 2)])),
        ["a reshape to a batch of 1"] = ("node 'r'", () => Model(Value("x", "n", 4), [Node("Reshape", "r", ["x", "s"], "y")], [Integers("s", 1, -1)])),
        ["a reshape of another size"] = ("node 'r'", () => Model(Value("x", "n", 4), [Node("Reshape", "r", ["x", "s"], "y")], [Integers("s", 0, 5)])),
        ["a reshape with two open axes"] = ("is not possible", () => Model(Value("x", "n", 4), [Node("Reshape", "r", ["x", "s"], "y")], [Integers("s", -1, -1)])),
        ["a reshape that overflows"] = ("node 'r'", () => Model(
            Value("x", "n", 4), [Node("Reshape", "r", ["x", "s"], "y")], [Integers("s", 1 << 30, 1 << 30, 1 << 30, 1 << 30)])),
        ["a reshape to floats"] = ("is of float32, where int64", () => Model(Value("x", "n", 4), [Node("Reshape", "r", ["x", "s"], "y")], [Ramp("s", 2)])),
        ["allowzero"] = ("allowzero", () => Model(
            Value("x", "n", 4), [Node("Reshape", "r", ["x", "s"], "y").With("allowzero", 1)], [Integers("s", 0, 4)])),
        ["a flatten across the batch"] = ("does not keep the batch", () => Model(Value("x", "n", 2, 3), [Node("Flatten", "f", ["x"], "y").With("axis", 2)], [])),
        ["a flatten of the batch"] = ("does not keep the batch", () => Model(Value("x", "n", 2, 3), [Node("Flatten", "f", ["x"], "y").With("axis", 0)], [])),
        ["a sum of two shapes"] = ("fit together", () => Model(
            Value("x", "n", 3), [Node("Gemm", "g", ["x", "w"], "p"), Node("Add", "a", ["p", "x"], "y")], [Ramp("w", 3, 2)])),
        ["a sum that grows the batch"] = ("does not keep the batch", () => Model(Value("x", "n", 3), [Node("Add", "a", ["x", "b"], "y")], [Ramp("b", 2, 1, 3)])),
        ["an axis too many"] = ("outside an input", () => Model(Value("x", "n", 3), [Node("ReduceMax", "a", ["x"], "y").With("axes", [2])], [])),
        ["a mean over the batch"] = ("does not keep the batch", () => Model(Value("x", "n", 3), [Node("ReduceMean", "a", ["x"], "y").With("axes", [0])], [])),
        ["products that do not fit"] = ("cannot multiply", () => Model(Value("x", "n", 3, 4), [Node("MatMul", "m", ["x", "w"], "y")], [Ramp("w", 3, 4)])),
        ["two limits"] = ("must be a constant of one number", () => Model(Value("x", "n", 3), [Node("Clip", "c", ["x", "l"], "y")], [Ramp("l", 2)])),
        ["a transposed output out of reach"] = ("cannot add", () => OverImage(
            Node("ConvTranspose", "c", ["x", "w"], "y").With("output_shape", [900, 900]), Ramp("w", 2, 1, 3, 3))),
        ["a constant of two values"] = ("it has 2 values", () => Model(
            Value("x", "n", 3), [Node("Constant", "c", [], "k").With("value_float", 1f).With("value_int", 1), Node("Mul", "m", ["x", "k"], "y")], [])),
        ["a sparse constant"] = ("attribute 'sparse_value'", () => Model(
            Value("x", "n", 3), [Node("Constant", "c", [], "k").With("sparse_value", 1), Node("Mul", "m", ["x", "k"], "y")], [])),
        ["a name with a line break"] = ("'a\\u000ab'", () => Changed(model => model.Graph.Node[0].Input[0] = "a\nb")),
    };

    public static TheoryData<string> Names => [.. s_cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Refused_with_its_reason(string name) => Assert.Contains(s_cases[name].Expected, ReadError(s_cases[name].Model()));

    [Fact]
    public void Many_copies_of_one_weight_are_refused()
    {
        // 200 nodes that each fold their own factor into one stored weight of 1 MiB.
        List<NodeProto> nodes = [];
        for (int i = 0; i < 200; i++)
            nodes.Add(Node("Gemm", $"g{i}", ["x", "w"], $"v{i}").With("alpha", 1 + 0.5f * i + 1));
        ModelProto model = Model(Value("x", "n", 512), [.. nodes], [Ramp("w", 512, 512)], "v0");
        Assert.Contains("outgrow its file", ReadError(model));
    }

    private static ModelProto Changed(Action<ModelProto> change)
    {
        ModelProto model = Dense();
        change(model);
        return model;
    }

    private static ModelProto Weight(Action<TensorProto> change) => Changed(model => change(model.Graph.Initializer[0]));

    private static void SetDims(TensorProto tensor, params long[] dims)
    {
        tensor.Dims.Clear();
        tensor.Dims.Add(dims);
    }

    private static void Retype(NodeProto node)
    {
        node.Attribute.Clear();
        node.With("transB", 1f);
    }

    private static ModelProto Normalise(Action<NodeProto> change, float variance = 1)
    {
        NodeProto node = Node("BatchNormalization", "bn", ["x", "s", "b", "m", "v"], "y");
        change(node);
        return OverImage(node, Ramp("s", 2), Ramp("b", 2), Ramp("m", 2), Floats("v", [2], 1, variance));
    }
}
