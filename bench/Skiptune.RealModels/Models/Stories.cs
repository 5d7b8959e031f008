using System.Collections.Immutable;
using Skiptune.Data;
using Skiptune.Numerics;
using Skiptune.Onnx;
using Skiptune.RealModels.Report;

namespace Skiptune.RealModels.Models;

/// <summary>A small language model, run forward.</summary>
internal sealed class Stories : RealModel
{
    private const int Tokens = 128;
    private const int Vocabulary = 512;

    public override string Name => "stories260k";

    protected override string[] Needs => ["stories260K/stories260K.onnx"];

    public override ModelReport Run(Assets assets)
    {
        Model model = Model.Load(assets[Needs[0]], new OnnxReadOptions { Dimensions = ImmutableDictionary<string, int>.Empty.Add("T", Tokens) });
        Tensor tokens = new(new Shape(8, Tokens));
        SeededRandom random = new(0);
        foreach (ref float token in tokens.Span)
            token = random.NextInt32(Vocabulary);
        TensorDataSet data = new(tokens, Targets.None(8));
        double milliseconds = ModelReport.TimeForward(model, data);
        Console.WriteLine($"  {milliseconds:F1} ms forward for {Tokens} tokens");
        return new ModelReport
        {
            Name = Name,
            Title = "stories260K, a language model, forward",
            Source = "Model: huggingface.co/karpathy/tinyllamas, MIT, as one ONNX graph with 5 decoder layers.",
            Task = $"{Tokens} tokens a sample; the sequence length is a named dimension of the file, fixed when it is read (`OnnxReadOptions.Dimensions`).",
            Findings = "Its logits equal ONNX Runtime's within 1e-4 of the largest one, for several batch sizes and lengths (`AssetParityTests`).",
            Summary = ModelReport.Summarise(model),
            ForwardMilliseconds = milliseconds,
        };
    }
}
