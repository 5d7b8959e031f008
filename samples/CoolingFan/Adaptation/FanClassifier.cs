using System.Collections.Immutable;
using Skiptune;
using Skiptune.Data;
using Skiptune.FineTuning;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace CoolingFan.Adaptation;

/// <summary>Tells a normal, a damaged and a stopped fan apart: 256-96-96-3 with batch normalisation, trained on the silent rooms.</summary>
internal static class FanClassifier
{
    public const int Classes = 3;
    private const int Hidden = 96;

    /// <summary>Trains on data and gives the model as its ONNX file has it.</summary>
    /// <param name="silent">Labelled spectra of the silent rooms.</param>
    /// <param name="seed">The seed of weights and orders.</param>
    /// <param name="file">Where the ONNX file is written.</param>
    public static Model Pretrain(DataSet silent, long seed, string file)
    {
        Model model = new(Network(seed));
        using FineTuner tuner = model.CreateFineTuner(new FineTuneOptions { Method = FineTuneMethod.FtAll, Epochs = 30, Seed = seed, Threads = 1 });
        model.WithAdapter(tuner.Fit(silent).Adapter).SaveOnnx(file);
        return Model.Load(file);
    }

    private static Graph Network(long seed)
    {
        Dictionary<string, Tensor> constants = new(StringComparer.Ordinal);
        (string Name, int In, int Out)[] layers = [("dense1", FanRecordings.Bins, Hidden), ("dense2", Hidden, Hidden), ("dense3", Hidden, Classes)];
        List<Node> nodes = [];
        string value = "spectrum";
        foreach ((string name, int inputs, int outputs) in layers)
        {
            SeededRandom random = new(seed, constants.Count);
            float limit = 1 / MathF.Sqrt(inputs);
            constants[$"{name}.weight"] = new Tensor(new Shape(outputs, inputs));
            constants[$"{name}.bias"] = new Tensor(new Shape(outputs));
            random.FillUniform(constants[$"{name}.weight"].Span, limit);
            random.FillUniform(constants[$"{name}.bias"].Span, limit);
            nodes.Add(new Node(name, new Gemm(), [value, $"{name}.weight", $"{name}.bias"], [name]));
            value = name;
            if (outputs == Classes)
                break;
            foreach ((string part, float start) in new[] { ("scale", 1f), ("shift", 0f), ("mean", 0f), ("variance", 1f) })
            {
                constants[$"{name}.norm.{part}"] = new Tensor(new Shape(outputs));
                constants[$"{name}.norm.{part}"].Span.Fill(start);
            }
            nodes.Add(new Node($"{name}.norm", new BatchNormalization(), [name, $"{name}.norm.scale", $"{name}.norm.shift", $"{name}.norm.mean", $"{name}.norm.variance"], [$"{name}.norm"]));
            nodes.Add(new Node($"{name}.relu", new Relu(), [$"{name}.norm"], [$"{name}.relu"]));
            value = $"{name}.relu";
        }
        return new Graph("fan", [new GraphInput("spectrum", new Shape(FanRecordings.Bins))], nodes, constants.ToImmutableDictionary(StringComparer.Ordinal), ["dense3"]);
    }
}
