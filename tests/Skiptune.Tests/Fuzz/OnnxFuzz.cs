using Google.Protobuf;
using Skiptune.Networks;
using Skiptune.Numerics;
using Skiptune.Onnx;
using Skiptune.Onnx.Proto;
using Skiptune.Tests.Onnx;

namespace Skiptune.Tests.Fuzz;

/// <summary>
/// Models: read, shapes for two batches, memory planned, and where the plan is no larger than <see cref="LargestProgram"/> the
/// program made too. (The extents of an input are a promise that no bytes of the file stand behind.)
/// </summary>
internal sealed class OnnxFuzz : FuzzForm
{
    private const long LargestProgram = 1 << 20;

    private static readonly Dictionary<string, Tensor> s_none = [];

    public override string Name => "onnx";

    public override int Cases => 3000;

    public override IReadOnlyList<byte[]> Seeds { get; } =
        [OnnxWriter.Write(Graphs.Network()), .. RoundTripTests.All.Select(OnnxWriter.Write), WithShapes(), .. RoundTripTests.All.Take(1).Select(OnnxWriter.Write)];

    public override int BytesPerByte => 512;

    public override long FixedBytes => LargestProgram + 1024 * 1024;

    public override byte[] Mutate(Mutator mutator, byte[] whole, byte[] other)
    {
        if (mutator.OneIn(3))
            return mutator.Bytes(whole, other);
        ProtoTree tree = ProtoTree.Parse(whole)!;
        tree.Mutate(mutator, ProtoTree.Parse(other)!);
        return tree.ToBytes();
    }

    public override string Put(TempArea area, byte[] bytes) => area.Write("f.onnx", bytes);

    public override void Load(string path)
    {
        Graph graph = Model.Load(path).Graph;
        try
        {
            ShapeInference.Infer(graph, 3);
            if (GraphProgram.MeasureBytes(graph, 2, []) > LargestProgram)
                return;
            using Workers workers = new(1);
            GraphProgram.Compile(graph, 2, s_none, s_none, new ProgramContext(KernelSet.Current, workers));
        }
        catch (SkiptuneException error)
        {
            // What is wrong with a graph names its node; who runs it knows the file.
            throw new SkiptuneException($"{path}: {error.Message}", error);
        }
    }

    // Constants that are computed while the file is read.
    private static byte[] WithShapes()
    {
        ModelProto model = Protos.Dense();
        model.Graph.Node.Add(
        [
            Protos.Node("Shape", "shape", ["y"], "s"),
            Protos.Node("Gather", "first", ["s", "zero"], "b"),
            Protos.Node("ConstantOfShape", "fill", ["extents"], "f"),
            Protos.Node("Range", "range", ["from", "to", "by"], "r"),
            Protos.Node("Expand", "expand", ["f", "extents"], "e"),
            Protos.Node("Tile", "tile", ["f", "extents"], "t"),
            Protos.Node("Concat", "target", ["b", "rest"], "c").With("axis", 0),
            Protos.Node("Reshape", "reshape", ["y", "c"], "z"),
            Protos.Node("Add", "add", ["z", "e"], "out"),
        ]);
        model.Graph.Initializer.Add(
        [
            Protos.Integers("zero", 0), Protos.Integers("extents", 1, 2), Protos.Integers("rest", 1, 2), Protos.Integers("from", 0), Protos.Integers("to", 4), Protos.Integers("by", 2),
        ]);
        return model.ToByteArray();
    }
}
