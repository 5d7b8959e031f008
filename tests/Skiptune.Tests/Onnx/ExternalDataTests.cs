using Google.Protobuf;
using Skiptune.Networks;
using Skiptune.Onnx;
using Skiptune.Onnx.Proto;
using Skiptune.Tests.Data;
using static Skiptune.Tests.Onnx.Protos;

namespace Skiptune.Tests.Onnx;

/// <summary>Weights beside the model are read from its folder and from nowhere else.</summary>
public class ExternalDataTests
{
    [Fact]
    public void Weights_are_read_from_the_folder_of_the_model()
    {
        using TempFolder folder = new();
        File.WriteAllBytes(Path.Combine(folder.Path, "weights.bin"), [1, 2, 3, 4, .. Ramp("w", 2, 3).RawData.ToByteArray()]);
        string path = Path.Combine(folder.Path, "model.onnx");
        File.WriteAllBytes(path, Stored("weights.bin", "4", "24").ToByteArray());
        Assert.Equal(0.6f, Skiptune.Model.Load(path).Graph.Constants["w"].Span[5]);
    }

    [Theory]
    [InlineData("/etc/hostname", "0", "24")]
    [InlineData("../weights.bin", "0", "24")]
    [InlineData("sub/../weights.bin", "0", "24")]
    [InlineData("sub\\..\\..\\weights.bin", "0", "24")]
    [InlineData("C:weights.bin", "0", "24")]
    [InlineData("", "0", "24")]
    [InlineData("missing.bin", "0", "24")]
    [InlineData("weights.bin", "8", "24")]
    [InlineData("weights.bin", "-8", "24")]
    [InlineData("weights.bin", "99999999999999999999", "24")]
    [InlineData("weights.bin", "9223372036854775807", "24")]
    [InlineData("weights.bin", "0", "20")]
    [InlineData("link.bin", "0", "24")]
    [InlineData("linked/weights.bin", "0", "24")]
    public void Anything_else_is_refused(string location, string offset, string length)
    {
        using TempFolder folder = new();
        File.WriteAllBytes(Path.Combine(folder.Path, "weights.bin"), new byte[28]);
        File.CreateSymbolicLink(Path.Combine(folder.Path, "link.bin"), Path.Combine(folder.Path, "weights.bin"));
        Directory.CreateSymbolicLink(Path.Combine(folder.Path, "linked"), folder.Path);
        byte[] bytes = Stored(location, offset, length).ToByteArray();
        string message = Failures.Message(FileName, () => OnnxReader.Read(bytes, FileName, new OnnxReadOptions { Folder = folder.Path }));
        Assert.Contains("'w'", message);
    }

    [Fact]
    public void Many_tensors_over_one_part_of_a_file_are_refused()
    {
        using TempFolder folder = new();
        folder.Write("weights.bin", new byte[28]);
        ModelProto model = Stored("weights.bin", "0", "24");
        TensorProto other = model.Graph.Initializer[0].Clone();
        other.Name = "w2";
        model.Graph.Initializer.Add(other);
        model.Graph.Node.Add(Node("Gemm", "more", ["x", "w2"], "z").With("transB", 1));
        string message = Failures.Message(FileName, () => OnnxReader.Read(model.ToByteArray(), FileName, new OnnxReadOptions { Folder = folder.Path }));
        Assert.Contains("shares its part", message);
    }

    private static ModelProto Stored(string location, string offset, string length)
    {
        ModelProto model = Dense();
        TensorProto weight = model.Graph.Initializer[0];
        weight.RawData = ByteString.Empty;
        weight.DataLocation = TensorProto.Types.DataLocation.External;
        foreach ((string key, string value) in new[] { ("location", location), ("offset", offset), ("length", length) })
            weight.ExternalData.Add(new StringStringEntryProto { Key = key, Value = value });
        return model;
    }
}
