using Skiptune.Data;
using Skiptune.FineTuning;
using Skiptune.Networks;
using Skiptune.Numerics;
using Skiptune.Tests.FineTuning;

namespace Skiptune.Tests.Onnx;

/// <summary>What Skiptune writes gives the same answers in ONNX Runtime as here.</summary>
public sealed class OnnxRuntimeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("skiptune").FullName;

    public static TheoryData<string> Methods => new(FineTuneMethod.All.Select(method => method.Name));

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_tuned_model_gives_the_same_answers(string method)
    {
        OnnxRuntime.SkipUnlessPresent();
        Model model = new(SmallNetworks.Branched());
        using FineTuner tuner = model.CreateFineTuner(new FineTuneOptions { Method = FineTuneMethod.Parse(method), Alpha = 6, Epochs = 3 });
        Model tuned = model.WithAdapter(tuner.Fit(SmallNetworks.Data()).Adapter);
        AssertSame(tuned, SmallNetworks.Data(9, 5));
    }

    [Fact]
    public void Reduced_taps_and_a_new_head_give_the_same_answers()
    {
        OnnxRuntime.SkipUnlessPresent();
        Model model = new(SmallNetworks.Branched());
        using FineTuner tuner = model.CreateFineTuner(new FineTuneOptions { Taps = TapRule.Parse("conv1=avgpool:4x4,conv2=global-avgpool,dense*"), Classes = 4 });
        AssertSame(model.WithAdapter(tuner.Fit(SmallNetworks.Data()).Adapter), SmallNetworks.Data(9, 5));
    }

    [Theory]
    [InlineData("skip2-lora", null)]
    [InlineData("lora-all", null)]
    [InlineData("skip2-lora", 4)]
    public void A_model_that_ends_in_a_softmax_of_planes_gives_the_same_answers(string method, int? classes)
    {
        OnnxRuntime.SkipUnlessPresent();
        Model model = new(SmallNetworks.WithTail(
            "y",
            new Node("planes", new Reshape([0, 3, 1, 1]), ["logits"], ["planes"]),
            new Node("scaled", new Scale(0.5f), ["planes"], ["scaled"]),
            new Node("end", new Softmax(1), ["scaled"], ["shares"]),
            new Node("flat", new Flatten(), ["shares"], ["y"])));
        using FineTuner tuner = model.CreateFineTuner(new FineTuneOptions { Method = FineTuneMethod.Parse(method), Classes = classes, Epochs = 2 });
        Model tuned = model.WithAdapter(tuner.Fit(SmallNetworks.Data()).Adapter);
        Assert.Equal("Softmax", tuned.Graph.Nodes.Last(node => node.Op is not ReshapeOp).Op.Type);
        AssertSame(tuned, SmallNetworks.Data(9, 5));
    }

    [Fact]
    public void The_reference_network_gives_the_same_answers()
    {
        OnnxRuntime.SkipUnlessPresent();
        AssertSame(new Model(GoldenFiles.PretrainedCnn()), GoldenFiles.RotatedSample("t10k").Take(8));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void AssertSame(Model model, DataSet data)
    {
        string path = Path.Combine(_folder, "model.onnx");
        model.SaveOnnx(path);
        int[] all = [.. Enumerable.Range(0, data.Count)];
        Tensor input = new(data.SampleShape.Prepend(data.Count));
        data.Read(all, input.Span);
        using Workers workers = new(1);
        GraphProgram program = GraphProgram.Compile(
            model.Graph, data.Count, new Dictionary<string, Tensor>(), new Dictionary<string, Tensor>(), new ProgramContext(KernelSet.Current, workers));
        input.Span.CopyTo(program.Value(model.Graph.Inputs[0].Name).Span);
        program.Forward();
        OnnxRuntime.AssertClose(OnnxRuntime.Run(path, input), program.Value(model.Graph.Outputs[0]).Span);
    }
}
