using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Skiptune.Networks;
using Skiptune.Onnx;

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
    public void A_pretrained_model_loads_and_runs(string file)
    {
        string path = Path.Combine(Folder(), file);
        Assert.SkipUnless(File.Exists(path), $"{path} is absent; set SKIPTUNE_ASSETS to the folder of the models");
        Graph graph = Model.Load(path, new OnnxReadOptions { Dimensions = ImmutableDictionary<string, int>.Empty.Add("T", 16) }).Graph;
        ShapeInference.Infer(graph, 3);
        Assert.NotEmpty(graph.Nodes);
    }

    private static string Folder([CallerFilePath] string here = "") =>
        Environment.GetEnvironmentVariable("SKIPTUNE_ASSETS") ?? Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../../../shared/assets"));
}
