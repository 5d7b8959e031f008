using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.Cli.Tests;

/// <summary>Folders of WAV files as a user's data.</summary>
public sealed class SoundTests : CliTest
{
    private const int ModelRate = 8000;

    // Tones, high and low, at two rates: only by their pitch in hertz can they be told apart.
    private void WriteTones()
    {
        for (int i = 0; i < 48; i++)
        {
            bool high = i % 2 == 0;
            int rate = i % 3 == 0 ? ModelRate : 2 * ModelRate;
            double frequency = (high ? 1600 : 400) + 10 * i;
            string folder = In(Path.Combine("sounds", i < 36 ? "train" : "test", high ? "high" : "low"));
            Directory.CreateDirectory(folder);
            byte[] sound = new byte[44 + 2 * (rate / 20)];
            "RIFF____WAVEfmt \u0010\0\0\0\u0001\0\u0001\0"u8.CopyTo(sound);
            BinaryPrimitives.WriteInt32LittleEndian(sound.AsSpan(24), rate);
            sound[34] = 16;
            "data"u8.CopyTo(sound.AsSpan(36));
            BinaryPrimitives.WriteInt32LittleEndian(sound.AsSpan(40), sound.Length - 44);
            for (int at = 0; at < (sound.Length - 44) / 2; at++)
                BinaryPrimitives.WriteInt16LittleEndian(sound.AsSpan(44 + 2 * at), (short)(20_000 * Math.Sin(2 * Math.PI * frequency * at / rate + i)));
            File.WriteAllBytes(Path.Combine(folder, $"{i:D2}.wav"), sound);
        }
    }

    // Random filters over a line, the mean of what passes them, and a dense layer.
    private void WriteModel()
    {
        Node[] nodes =
        [
            new("conv", new Conv(new Window(1, 16)), ["sound", "filters"], ["filtered"]), new("relu", new Relu(), ["filtered"], ["passed"]),
            new("pool", new GlobalAveragePool(), ["passed"], ["levels"]), new("flatten", new Flatten(), ["levels"], ["features"]), new("fc", new Gemm(), ["features", "weight"], ["logits"]),
        ];
        (Tensor filters, Tensor weight) = (new Tensor(new Shape(8, 1, 16)), new Tensor(new Shape(2, 8)));
        new SeededRandom(1).FillUniform(filters.Span, 1);
        new SeededRandom(2).FillUniform(weight.Span, 1);
        new Model(new Graph("tones", [new GraphInput("sound", new Shape(1, 400))], nodes, ImmutableDictionary<string, Tensor>.Empty.Add("filters", filters).Add("weight", weight), ["logits"])).SaveOnnx(In("model.onnx"));
    }

    [Fact]
    public void SoundsAreLearntEvaluatedAndPredicted()
    {
        WriteTones();
        WriteModel();
        ProcessRun tuning = Succeed("finetune --model model.onnx --data sounds --sample-rate 8000 --epochs 60 --taps fc");
        Assert.Contains("36 of sounds", tuning.Output, StringComparison.Ordinal);
        string hint = Regex.Match(tuning.Output, "^evaluate +skiptune (?<arguments>.*)$", RegexOptions.Multiline, TimeSpan.FromSeconds(1)).Groups["arguments"].Value;
        Assert.EndsWith("--sample-rate 8000", hint.Trim(), StringComparison.Ordinal);
        Succeed($"{hint} --json tuned.json");
        Assert.Equal(1, Json("tuned.json").GetProperty("accuracy").GetDouble());
        Assert.Contains("12x2 float32", Succeed("predict --model model.onnx --data sounds --sample-rate 8000 --out y.npy").Output, StringComparison.Ordinal);
        Assert.Contains("6x2 float32", Succeed("predict --model model.onnx --data sounds/test/low --sample-rate 8000 --out y.npy").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsWrongIsSaidInALine()
    {
        WriteTones();
        WriteModel();
        Assert.Contains("give a sample rate", Refuse(1, "evaluate --model model.onnx --data sounds"), StringComparison.Ordinal);
        Assert.Contains("cannot be brought", Refuse(1, "evaluate --model model.onnx --data sounds --sample-rate 0"), StringComparison.Ordinal);
        Assert.Contains("--sample-rate", Refuse(2, "evaluate --model model.onnx --data sounds --sample-rate fast"), StringComparison.Ordinal);
        File.WriteAllText(In("sounds/test/low/13.wav"), "MP3");
        Assert.Contains("13.wav", Refuse(1, "evaluate --model model.onnx --data sounds --sample-rate 8000"), StringComparison.Ordinal);
    }
}
