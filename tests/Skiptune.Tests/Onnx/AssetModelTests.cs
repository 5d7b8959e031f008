using System.Collections.Immutable;
using Skiptune.Networks;
using Skiptune.Numerics;
using Skiptune.Onnx;
using Skiptune.Tests.Networks;

namespace Skiptune.Tests.Onnx;

/// <summary>Pretrained models of other tools load. Skipped where the folder of models is absent.</summary>
public class AssetModelTests
{
    [Theory]
    [InlineData("resnet20_cifar10/resnet20.onnx")]
    [InlineData("mobilenetv2_imagenet/mbv2-w0.35.onnx")]
    [InlineData("toycar_autoencoder/ad01_toycar_autoencoder.onnx")]
    [InlineData("speech_embedding/embedding_model.onnx")]
    [InlineData("stories260K/stories260K.onnx")]
    [InlineData("speech_embedding/melspectrogram.onnx")]
    public void A_pretrained_model_loads_and_runs(string file)
    {
        string path = AssetFiles.Path(file);
        ImmutableDictionary<string, int> none = ImmutableDictionary<string, int>.Empty;
        OnnxReadOptions options = new()
        {
            Dimensions = file.StartsWith("stories", StringComparison.Ordinal) ? none.Add("T", 16) : file.Contains("melspectrogram", StringComparison.Ordinal) ? none.Add("samples", 1600) : none,
        };
        Graph graph = Model.Load(path, options).Graph;
        Tensor[] two = Programs.Run(graph, 2, (_, tensor) => tensor.Span.Fill(1));
        Tensor[] one = Programs.Run(graph, 1, (_, tensor) => tensor.Span.Fill(1));
        Assert.All(two, output => Assert.True(output.IsFinite()));
        Assert.Equal(one[0].Span.ToArray(), two[0].Rows(1, 1).Span.ToArray(), (a, b) => Math.Abs(a - b) <= 1e-5f * (1 + Math.Abs(a)));
        // What is written answers the same.
        Graph back = OnnxReader.Read(OnnxWriter.Write(graph), path);
        Assert.Equal(one[0].Span.ToArray(), Programs.Run(back, 1, (_, tensor) => tensor.Span.Fill(1))[0].Span.ToArray());
    }
}
