using Skiptune.Data;
using Skiptune.Files;
using Skiptune.FineTuning;
using Skiptune.Language.Comparison;
using Skiptune.Language.FineTuning;
using Skiptune.Language.Models;

namespace Skiptune.Language.Tests;

public class TuningTests
{
    private static (DataSet Train, DataSet Validation) Shakespeare()
    {
        (TextData train, TextData? held) = TextData.Open(AssetFiles.Path("tinyshakespeare/input.txt")).Split(0.1);
        return (train.Sequences(Stories.Model.Tokenizer, 128, 256), held!.Sequences(Stories.Model.Tokenizer, 128, 64));
    }

    [Fact]
    public void Windows_are_those_of_the_reference()
    {
        (DataSet train, DataSet validation) = Shakespeare();
        Assert.Equal(TokenWindows.OfWindows(Stories.Ints("shakespeare_train_256x129"), 128, 512).Labels, train.Labels);
        Assert.Equal(TokenWindows.OfWindows(Stories.Ints("shakespeare_val_64x129"), 128, 512).Labels, validation.Labels);
    }

    [Fact]
    public void The_base_has_the_losses_of_the_reference()
    {
        Assert.Equal(4.923269, Stories.Model.Evaluate(null, Shakespeare().Validation), 1e-4);
        DataSet stories = TextData.Open(AssetFiles.Path("tinystories_sample/tinystories_sample.txt")).WholeSequences(Stories.Model.Tokenizer, 512);
        Assert.Equal(1.266, Stories.Model.Evaluate(null, stories), 1e-3);
    }

    [Theory]
    [InlineData("skip to hidden R8", 3.097)]
    [InlineData("the same + ft-last", 2.985)]
    public void A_cached_method_learns_as_in_the_reference(string name, double expected)
    {
        (DataSet train, DataSet validation) = Shakespeare();
        DecoderComparison comparison = new(Stories.Model, train, validation, null);
        DecoderComparisonRow row = Assert.Single(comparison.Run([DecoderVariant.Reference.Single(variant => variant.Name == name)], [CacheFormat.Int4]));
        Assert.Equal(expected, row.Validation, 0.03);
    }

    [Fact]
    public void An_exact_cache_changes_no_bit()
    {
        using DecoderModel model = Decoders.Random(Decoders.Tiny, tied: false, biases: true);
        FineTuneMethod cached = DecoderMethods.Skip2Lora(DecoderTaps.All);
        FineTuneMethod plain = DecoderMethods.SkipLora(DecoderTaps.All);
        Assert.Equal(Values(model, cached, CacheFormat.Float32, 1), Values(model, plain, CacheFormat.None, 2));
    }

    [Fact]
    public void The_embedding_is_looked_up_and_not_kept()
    {
        using FineTuner tuner = Stories.Model.CreateFineTuner(128, new FineTuneOptions { Method = DecoderMethods.Skip2Lora() });
        Assert.Equal(5, tuner.Plan.Taps.Length);
        Assert.DoesNotContain(tuner.Plan.Taps, tap => tap.Name == DecoderNames.Embedding);
    }

    [Fact]
    public void Only_completions_are_learnt()
    {
        using TempFolder folder = new();
        string path = folder.Write("train.jsonl", "{\"prompt\":\"ab\",\"completion\":\"cd\"}\n\n{\"text\":\"xyz\"}\n"u8.ToArray());
        DataSet data = TextData.Open(path).Sequences(Decoders.Tokenizer(259), 8);
        // begin, space a b, space c d, end: the space before the first word of each is the tokenizer's own.
        int[] expected = [-1, -1, -1, ' ' + 3, 'c' + 3, 'd' + 3, 2, -1, ' ' + 3, 'x' + 3, 'y' + 3, 'z' + 3, -1, -1, -1, -1];
        Assert.Equal(expected, data.Labels.ToArray());
    }

    [Theory]
    [InlineData("{\"prompt\":\"ab\"}", "line 1")]
    [InlineData("{\"text\":3}", "line 1")]
    [InlineData("[1]", "line 1")]
    [InlineData("{\"text\":\"a\"}\n{", "line 2")]
    public void A_bad_line_is_named(string text, string line)
    {
        using TempFolder folder = new();
        string path = folder.Write("train.jsonl", System.Text.Encoding.UTF8.GetBytes(text));
        SkiptuneException error = Assert.Throws<SkiptuneException>(() => TextData.Open(path));
        Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
        Assert.Contains(line, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("skip2-lora")]
    [InlineData("lora-all")]
    [InlineData("ft-last")]
    public void An_adapter_comes_back_from_its_files(string name)
    {
        using DecoderModel model = Decoders.Random(Decoders.Tiny, tied: true, biases: false);
        using TempFolder folder = new();
        DecoderMethodSettings settings = new(name, DecoderTaps.All);
        using FineTuner tuner = model.CreateFineTuner(8, new FineTuneOptions { Method = settings.Method, Epochs = 1 });
        DataSet data = Windows();
        Adapter adapter = tuner.Fit(data).Adapter;
        DecoderAdapter.Save(adapter, settings, folder.Path);
        Adapter loaded = DecoderAdapter.Load(folder.Path);
        Assert.Equal(model.Evaluate(adapter, data), model.Evaluate(loaded, data));
        SafetensorsFile file = SafetensorsFile.Read(File.ReadAllBytes(folder.File("adapter_model.safetensors")), "file");
        string config = File.ReadAllText(folder.File("adapter_config.json"));
        if (name == "lora-all")
        {
            Assert.Equal("4x32", file.Tensors["base_model.model.model.layers.1.self_attn.q_proj.lora_A.weight"].Shape.ToString());
            Assert.Equal("32x4", file.Tensors["base_model.model.model.layers.1.mlp.down_proj.lora_B.weight"].Shape.ToString());
            Assert.Contains("\"peft_type\": \"LORA\"", config, StringComparison.Ordinal);
            Assert.Contains("\"gate_proj\"", config, StringComparison.Ordinal);
        }
        else
        {
            Assert.DoesNotContain("\"LORA\"", config, StringComparison.Ordinal);
        }
        using DecoderModel other = Decoders.Random(Decoders.Tiny, tied: true, biases: false, seed: 2);
        Assert.Throws<SkiptuneException>(() => other.Evaluate(loaded, data));
        File.WriteAllText(folder.File("adapter_config.json"), config.Replace("\"r\": 4", "\"r\": \"x\"", StringComparison.Ordinal));
        Assert.Throws<SkiptuneException>(() => DecoderAdapter.Load(folder.Path));
    }

    private static DataSet Windows() => TokenWindows.Of([.. Enumerable.Range(0, 161).Select(i => 3 + i * 7 % 50)], 8, null, 259);

    private static float[] Values(DecoderModel model, FineTuneMethod method, CacheFormat cache, int threads)
    {
        using FineTuner tuner = model.CreateFineTuner(8, new FineTuneOptions { Method = method, Cache = cache, Epochs = 2, BatchSize = 3, Threads = threads, Seed = 9 });
        return [.. tuner.Fit(Windows()).Adapter.Tensors.Values.SelectMany(tensor => tensor.Span.ToArray())];
    }
}
