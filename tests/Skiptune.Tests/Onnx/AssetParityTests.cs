using System.Collections.Immutable;
using Skiptune.Data;
using Skiptune.FineTuning;
using Skiptune.Numerics;
using Skiptune.Onnx;
using Skiptune.Tests.Data;

namespace Skiptune.Tests.Onnx;

/// <summary>
/// Pretrained models of other tools answer here as in ONNX Runtime, as they are and fine-tuned. Skipped without the models
/// or without ONNX Runtime.
/// </summary>
public class AssetParityTests
{
    [Theory]
    [InlineData("resnet20_cifar10/resnet20.onnx", 1)]
    [InlineData("resnet20_cifar10/resnet20.onnx", 3)]
    [InlineData("mobilenetv2_imagenet/mbv2-w0.35.onnx", 1)]
    [InlineData("mobilenetv2_imagenet/mbv2-w0.35.onnx", 3)]
    [InlineData("toycar_autoencoder/ad01_toycar_autoencoder.onnx", 1)]
    [InlineData("toycar_autoencoder/ad01_toycar_autoencoder.onnx", 3)]
    [InlineData("speech_embedding/embedding_model.onnx", 1)]
    [InlineData("speech_embedding/embedding_model.onnx", 3)]
    public void A_pretrained_model_gives_the_same_answers(string file, int batch)
    {
        OnnxRuntime.SkipUnlessPresent();
        string path = AssetFiles.Path(file);
        Model model = Model.Load(path);
        Tensor input = new(model.Graph.Inputs[0].SampleShape.Prepend(batch));
        new SeededRandom(batch).FillUniform(input.Span, 2);
        AssertSame(path, model, input);
    }

    [Theory]
    [InlineData(1, 16)]
    [InlineData(3, 40)]
    public void A_language_model_gives_the_same_answers(int batch, int tokens)
    {
        OnnxRuntime.SkipUnlessPresent();
        string path = AssetFiles.Path("stories260K/stories260K.onnx");
        Model model = Model.Load(path, new OnnxReadOptions { Dimensions = ImmutableDictionary<string, int>.Empty.Add("T", tokens) });
        Tensor input = new(new Shape(batch, tokens));
        SeededRandom random = new(tokens);
        foreach (ref float token in input.Span)
            token = random.NextInt32(512);
        AssertSame(path, model, input);
    }

    [Theory]
    [InlineData(512)]
    [InlineData(12_512)]
    public void A_spectrogram_is_the_same_and_that_of_each_sound_alone(int samples)
    {
        OnnxRuntime.SkipUnlessPresent();
        string path = AssetFiles.Path("speech_embedding/melspectrogram.onnx");
        Model model = Model.Load(path, new OnnxReadOptions { Dimensions = ImmutableDictionary<string, int>.Empty.Add("samples", samples) });
        Tensor sounds = new(new Shape(3, samples));
        SeededRandom random = new(samples);
        // Levels far apart: the levels below the loudest sound's range would be cut in all of a batch.
        foreach ((int row, float level) in new[] { (0, 20_000f), (1, 1f), (2, 300f) })
            random.FillUniform(sounds.Rows(row, 1).Span, level);
        float[] expected = [.. Enumerable.Range(0, 3).SelectMany(row => OnnxRuntime.Run(path, sounds.Rows(row, 1)))];
        OnnxRuntime.AssertClose(expected, Answers(model, sounds));
    }

    [Fact]
    public void A_fine_tuned_residual_network_gives_the_same_answers() => AssertTunedSame(
        "resnet20_cifar10/resnet20.onnx",
        new FineTuneOptions { Epochs = 2, Threads = 2 },
        new SampleFormat { Mean = [0.485f, 0.456f, 0.406f], Std = [0.229f, 0.224f, 0.225f] });

    [Fact]
    public void A_fine_tuned_mobile_network_with_a_new_head_gives_the_same_answers() => AssertTunedSame(
        "mobilenetv2_imagenet/mbv2-w0.35.onnx",
        new FineTuneOptions { Epochs = 1, Classes = 10, Threads = 2 },
        new SampleFormat { Mean = [0.5f], Std = [0.5f], Height = 128, Width = 128 });

    [Fact]
    public void A_merged_residual_network_gives_the_same_answers() => AssertTunedSame(
        "resnet20_cifar10/resnet20.onnx",
        new FineTuneOptions { Method = FineTuneMethod.LoraAll, Epochs = 1, Threads = 2 },
        new SampleFormat { Mean = [0.485f, 0.456f, 0.406f], Std = [0.229f, 0.224f, 0.225f] },
        merge: true);

    [Theory]
    [InlineData("skip2-lora", false)]
    [InlineData("lora-all", true)]
    public void A_fine_tuned_autoencoder_gives_the_same_answers(string method, bool merge)
    {
        OnnxRuntime.SkipUnlessPresent();
        Model model = Model.Load(AssetFiles.Path("toycar_autoencoder/ad01_toycar_autoencoder.onnx"));
        DataSet frames = new TensorDataSet(Uniform(new Shape(66, 640), 3), Targets.Input(66));
        FineTuneOptions options = new() { Method = FineTuneMethod.Parse(method), Epochs = 2, Threads = 2 };
        AssertTunedSame(model, options, frames.Take(60), frames.Slice(60, 6), merge);
    }

    [Fact]
    public void A_fine_tuned_speech_embedding_with_a_new_head_gives_the_same_answers()
    {
        OnnxRuntime.SkipUnlessPresent();
        Model model = Model.Load(AssetFiles.Path("speech_embedding/embedding_model.onnx"));
        int[] digits = [.. Enumerable.Range(0, 66).Select(i => i % 10)];
        DataSet sounds = new TensorDataSet(Uniform(new Shape(66, 76, 32, 1), 2), digits, 10);
        AssertTunedSame(model, new FineTuneOptions { Epochs = 2, Classes = 10, Threads = 2 }, sounds.Take(60), sounds.Slice(60, 6));
    }

    private static Tensor Uniform(Shape shape, float limit)
    {
        Tensor tensor = new(shape);
        new SeededRandom(shape.Count).FillUniform(tensor.Span, limit);
        return tensor;
    }

    private static void AssertTunedSame(string file, FineTuneOptions options, SampleFormat format, bool merge = false)
    {
        OnnxRuntime.SkipUnlessPresent();
        Model model = Model.Load(AssetFiles.Path(file));
        using DataSplits data = DataSource.Open(AssetFiles.Path("cifar10_jpeg"), new DataSourceOptions { Format = format, ClassCount = 10 });
        AssertTunedSame(model, options, data.Train.Take(60), data.Test!.Take(6), merge);
    }

    private static void AssertTunedSame(Model model, FineTuneOptions options, DataSet train, DataSet test, bool merge = false)
    {
        using FineTuner tuner = model.CreateFineTuner(options);
        FineTuneResult result = tuner.Fit(train);
        Model tuned = model.WithAdapter(result.Adapter, merge);
        Assert.Equal(merge, tuned.Graph.Nodes.Length == model.Graph.Nodes.Length);
        Tensor input = new(test.SampleShape.Prepend(test.Count));
        test.Read([.. Enumerable.Range(0, test.Count)], input.Span);
        using TempFolder folder = new();
        string path = folder.File("tuned.onnx");
        tuned.SaveOnnx(path);
        AssertSame(path, tuned, input);
        // The training changed the answers: it is not the base that agrees.
        Assert.NotEqual(Answers(model, input), Answers(tuned, input));
    }

    private static void AssertSame(string path, Model model, Tensor input) =>
        OnnxRuntime.AssertClose(OnnxRuntime.Run(path, input), Answers(model, input));

    private static float[] Answers(Model model, Tensor input) =>
        model.Predict(new TensorDataSet(input, Targets.None(input.Shape[0])), threads: 2).Span.ToArray();
}
