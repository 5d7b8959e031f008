using System.Text;
using System.Text.Json;

namespace Skiptune.Cli.Tests;

/// <summary>The options about the model that several commands share: --output, --dim, --merge.</summary>
public sealed class ModelOptionTests : CliTest
{
    private const string Short = "--epochs 1 --threads 1 --train-samples 60";

    [Fact]
    public void AModelWithSeveralOutputsIsTunedAtTheOneThatIsNamed()
    {
        File.WriteAllBytes(In("two.onnx"), [.. File.ReadAllBytes(BaseModel), .. Field(7, Field(12, Text(1, "dense2")))]);
        Assert.Contains("the model has 2 outputs: 'dense3', 'dense2'; choose one (--output)", Refuse(1, $"finetune --model two.onnx {Short}"), StringComparison.Ordinal);
        Assert.Contains("is named 'nothing'", Refuse(1, $"finetune --model two.onnx --output nothing {Short}"), StringComparison.Ordinal);
        Succeed($"finetune --model two.onnx --output dense3 {Short}");
        Assert.Contains("\"skiptune_output\": \"dense3\"", File.ReadAllText(In("adapters/adapter_config.json")), StringComparison.Ordinal);
        Assert.Contains("accuracy", Succeed("evaluate --model two.onnx --adapter-path adapters --test-samples 20").Output, StringComparison.Ordinal);
        Assert.Contains("1024x84 float32", Succeed("predict --model two.onnx --adapter-path adapters --output dense2 --out y.npy").Output, StringComparison.Ordinal);
        Assert.Contains("choose one (--output)", Succeed("inspect two.onnx").Output, StringComparison.Ordinal);
        Succeed("inspect two.onnx --output dense3 --json inspected.json");
        Assert.Equal("dense3", Json("inspected.json").GetProperty("output_layer").GetProperty("scores").GetString());
    }

    [Fact]
    public void OpenAxesAreGivenAnExtent()
    {
        File.WriteAllBytes(In("open.onnx"), Open());
        const string Missing = "open.onnx: its inputs leave the axis 'T' open besides the batch; give it an extent, such as --dim T=16";
        foreach (string command in (string[])["inspect open.onnx", "predict --model open.onnx", "evaluate --model open.onnx", "finetune --model open.onnx", "export --model open.onnx", "compare --model open.onnx"])
            Assert.Contains(Missing, Refuse(1, command), StringComparison.Ordinal);
        Succeed("inspect open.onnx --dim T=3 --json inspected.json");
        JsonElement input = Json("inspected.json").GetProperty("inputs")[0];
        Assert.Equal(3, input.GetProperty("shape")[0].GetInt32());
        File.WriteAllText(In("data.csv"), "1,-2,3\n-4,5,6\n");
        Assert.Contains("2x3 float32", Succeed("predict --model open.onnx --dim T=3 --data data.csv --target none --out y.npy").Output, StringComparison.Ordinal);
        Assert.Contains("no open axis is named 'S'", Refuse(1, "inspect open.onnx --dim T=3 --dim S=1"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("T")]
    [InlineData("T=0")]
    [InlineData("=3")]
    [InlineData("T=x")]
    public void AnExtentThatIsNoneIsWrongUsage(string text) =>
        Assert.Contains($"not '{text}'", Refuse(2, "inspect open.onnx --dim", text), StringComparison.Ordinal);

    [Fact]
    public void AMergedModelHasTheNodesOfItsBase()
    {
        Succeed($"finetune --method lora-all {Short}");
        Assert.Contains("opset 17, as the source", Succeed("export --adapter-path adapters --merge --out merged.onnx").Output, StringComparison.Ordinal);
        Succeed("export --adapter-path adapters --out plain.onnx");
        Succeed("inspect merged.onnx --json merged.json");
        Succeed("inspect plain.onnx --json plain.json");
        Succeed("inspect --json base.json", BaseModel);
        Assert.Equal(Nodes("base.json"), Nodes("merged.json"));
        Assert.True(Nodes("plain.json").Length > Nodes("base.json").Length);
    }

    [Fact]
    public void WhatCannotBeMergedIsNamed()
    {
        Assert.Contains("--merge goes with --adapter-path", Refuse(2, "export --merge"), StringComparison.Ordinal);
        Succeed($"finetune --method skip-lora {Short}");
        Assert.Contains("adapters: an adapter of skip-lora cannot be merged", Refuse(1, "export --adapter-path adapters --merge"), StringComparison.Ordinal);
    }

    private string[] Nodes(string json) => [.. Json(json).GetProperty("nodes").EnumerateArray().Select(node => $"{node.GetProperty("name")} {node.GetProperty("operator")}")];

    // x (N x T) through Relu, as protocol buffers.
    private static byte[] Open()
    {
        byte[] shape = Field(2, [.. Field(1, Text(2, "N")), .. Field(1, Text(2, "T"))]);
        byte[] input = [.. Text(1, "x"), .. Field(2, Field(1, [8, 1, .. shape]))];
        byte[] node = [.. Text(1, "x"), .. Text(2, "y"), .. Text(3, "relu"), .. Text(4, "Relu")];
        return [8, 8, .. Field(8, [16, 17]), .. Field(7, [.. Field(1, node), .. Text(2, "open"), .. Field(11, input), .. Field(12, Text(1, "y"))])];
    }

    private static byte[] Text(int number, string text) => Field(number, Encoding.UTF8.GetBytes(text));

    // Of at most 127 bytes.
    private static byte[] Field(int number, byte[] content) => [(byte)(number << 3 | 2), checked((byte)content.Length), .. content];
}
