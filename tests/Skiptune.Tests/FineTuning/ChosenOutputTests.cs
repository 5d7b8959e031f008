using Skiptune.Data;
using Skiptune.FineTuning;
using Skiptune.Networks;
using Skiptune.Numerics;
using Skiptune.Tests.Data;
using Skiptune.Tests.Networks;

namespace Skiptune.Tests.FineTuning;

/// <summary>Which of a model's values is trained, measured and predicted.</summary>
public class ChosenOutputTests
{
    [Fact]
    public void A_model_with_several_outputs_asks_for_one_of_them()
    {
        Model model = new(TwoOutputs());
        string message = Assert.Throws<SkiptuneException>(() => model.CreateFineTuner()).Message;
        Assert.Equal("the model has 2 outputs: 'features', 'y'; choose one (--output)", message);
        Assert.Equal(message, Assert.Throws<SkiptuneException>(() => model.Evaluate(SmallNetworks.Data())).Message);
        Assert.Equal(new Shape(4, 8), model.Predict(SmallNetworks.Data(4)).Shape);
        Assert.Equal(new Shape(4, 3), model.WithOutput("y").Predict(SmallNetworks.Data(4)).Shape);
        Assert.Equal(model.Fingerprint, model.WithOutput("y").Fingerprint);
    }

    [Theory]
    [InlineData("y")]
    [InlineData("end")]
    [InlineData("logits")]
    [InlineData("dense2")]
    public void The_chosen_output_is_trained_and_the_adapter_remembers_it(string name)
    {
        FineTuneOptions options = new() { Method = FineTuneMethod.LoraAll, Output = name, Epochs = 2, Threads = 1 };
        Model model = new(TwoOutputs());
        using FineTuner tuner = model.CreateFineTuner(options);
        FineTuneResult result = tuner.Fit(SmallNetworks.Data());
        Assert.Equal(SmallRuns.Fit(options with { Output = null }).Losses, result.Losses);
        using TempFolder folder = new();
        result.Adapter.Save(folder.Path);
        Model tuned = model.WithAdapter(Adapter.Load(folder.Path));
        // A node's name stands for its value.
        Assert.Equal(name is "y" or "end" ? "y" : "logits", tuned.Output);
        Assert.Equal(model.Graph.Outputs, tuned.Graph.Outputs);
        Assert.Equal(SmallNetworks.Data().Count, tuned.Evaluate(SmallNetworks.Data()).Samples);
        // What was chosen of the base stays chosen.
        Assert.Equal("features", model.WithOutput("features").WithAdapter(result.Adapter).Output);
    }

    [Theory]
    [InlineData("ft-all")]
    [InlineData("lora-all")]
    [InlineData("ft-last")]
    public void Layers_behind_the_chosen_output_are_left_alone(string method)
    {
        using FineTuner tuner = new(SmallNetworks.Branched(), "base", new FineTuneOptions { Method = FineTuneMethod.Parse(method), Output = "r2", Epochs = 1 });
        FineTuneResult result = tuner.Fit(SmallNetworks.Data());
        Assert.DoesNotContain(result.Adapter.Tensors.Keys, name => name.StartsWith("dense2", StringComparison.Ordinal));
        Assert.Contains(result.Adapter.Tensors.Keys, name => name.StartsWith("dense1", StringComparison.Ordinal));
        Graph tuned = result.Adapter.ApplyTo(SmallNetworks.Branched(), "base");
        Assert.Equal(new Shape(2, 3), Programs.Run(tuned, 2)[0].Shape);
    }

    [Fact]
    public void A_new_head_stands_behind_the_chosen_value()
    {
        Model model = new(TwoOutputs());
        using FineTuner tuner = model.CreateFineTuner(new FineTuneOptions { Output = "features", Classes = 4, Epochs = 1 });
        Model tuned = model.WithAdapter(tuner.Fit(SmallNetworks.Data()).Adapter);
        Assert.Null(tuned.Output);
        Assert.Equal(new Shape(5, 4), tuned.Predict(SmallNetworks.Data(5)).Shape);
    }

    [Fact]
    public void A_name_that_nothing_has_is_refused()
    {
        string message = Assert.Throws<SkiptuneException>(() => new Model(TwoOutputs()).WithOutput("x")).Message;
        Assert.Contains("no node of the model, and no value that a node makes, is named 'x'; the outputs are 'features', 'y'", message);
    }

    // The features before the last layer, and shares of its classes.
    private static Graph TwoOutputs()
    {
        Graph graph = SmallNetworks.WithTail("y", new Node("end", new Softmax(), ["logits"], ["y"]), new Node("copy", new Scale(1), ["r2"], ["features"]));
        return graph.With(outputs: ["features", "y"]);
    }
}
