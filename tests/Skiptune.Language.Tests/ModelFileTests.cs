using System.Text;
using System.Text.Json;
using Skiptune.Files;
using Skiptune.Language.Models;
using Skiptune.Language.Tokenizers;
using Skiptune.Language.Weights;
using Skiptune.Numerics;

namespace Skiptune.Language.Tests;

/// <summary>GGUF files and Hugging Face folders written here are loaded or refused in one line.</summary>
public class ModelFileTests
{
    private static readonly int[] Prompt = [1, 40, 77, 120, 9, 200];

    [Theory]
    [InlineData(WeightFormat.F32, 0)]
    [InlineData(WeightFormat.F16, 0.02)]
    [InlineData(WeightFormat.BF16, 0.1)]
    [InlineData(WeightFormat.Q8_0, 0.1)]
    [InlineData(WeightFormat.Q4_0, 1.5)]
    [InlineData(WeightFormat.Q4_1, 1.5)]
    public void A_gguf_file_gives_the_logits_of_its_weights(WeightFormat format, float tolerance)
    {
        using DecoderModel source = Decoders.Random(Decoders.Tiny, tied: false, biases: false);
        using TempFolder folder = new();
        using DecoderModel read = DecoderModel.Load(folder.Write("model.gguf", Gguf(source, format).ToBytes()));
        Assert.Equal(source.Config with { }, read.Config);
        Assert.Equal(format, read.Weights.Blocks[0].Gate.Format);
        float[] expected = Logits(source);
        float[] actual = Logits(read);
        if (tolerance == 0)
            Assert.Equal(expected, actual);
        else
            Stories.AssertClose(expected, actual, tolerance);
        Assert.Equal("héllo ▁", read.Tokenizer.Decode(read.Tokenizer.Encode("héllo ▁", begin: true)));
    }

    [Theory]
    [InlineData(WeightFormat.Q8_0)]
    [InlineData(WeightFormat.Q4_0)]
    [InlineData(WeightFormat.Q4_1)]
    [InlineData(WeightFormat.BF16)]
    [InlineData(WeightFormat.F16)]
    public unsafe void Products_with_packed_weights_are_those_with_their_values(WeightFormat format)
    {
        SeededRandom random = new(3);
        (int rows, int columns) = (70, 96);
        float[] values = new float[rows * columns];
        random.FillUniform(values, 1);
        byte[] bytes = GC.AllocateArray<byte>((int)format.Bytes(values.Length), pinned: true);
        GgufWriter.Encode(format, values).CopyTo(bytes, 0);
        fixed (byte* start = bytes)
        {
            WeightMatrix packed = new(format, rows, columns, bytes, start);
            WeightMatrix plain = WeightMatrix.Of(rows, columns, packed.ToTensor().Span);
            // No value is further from the source than half a step of its block (one step at the edge of Q4_0).
            Stories.AssertClose(values, packed.ToTensor().Span, format switch { WeightFormat.Q4_0 => 0.14f, WeightFormat.Q4_1 => 0.07f, _ => 0.01f });
            foreach (int count in (int[])[1, 5, 33])
            {
                float[] x = new float[count * columns];
                random.FillUniform(x, 1);
                float[] expected = new float[count * rows];
                float[] actual = new float[count * rows];
                plain.Multiply(KernelSet.Current, count, x, expected, 0, rows);
                foreach (KernelSet kernels in KernelSet.Available)
                {
                    // Shares of rows that fill no tile.
                    packed.Multiply(kernels, count, x, actual, 0, 37);
                    packed.Multiply(kernels, count, x, actual, 37, rows);
                    Assert.Equal(expected, actual);
                }
                for (int i = 0; i < expected.Length; i++)
                    Assert.Equal(Dot(x.AsSpan(i / rows * columns, columns), plain.ToTensor().Span.Slice(i % rows * columns, columns)), expected[i], 1e-4);
            }
        }
    }

    [Fact]
    public void Hostile_gguf_files_are_refused_in_one_line()
    {
        using DecoderModel source = Decoders.Random(Decoders.Tiny, tied: true, biases: false);
        byte[] good = Gguf(source, WeightFormat.F32).ToBytes();
        byte[] metadata = Encoding.ASCII.GetBytes("llama.block_count");
        Dictionary<string, byte[]> bad = new()
        {
            ["is not a GGUF"] = [.. "GGML"u8, .. good[4..]],
            ["version 2"] = Changed(writer => writer.Version = 2),
            ["more than its"] = Changed(writer => writer.ClaimedTensors = ulong.MaxValue),
            ["entries"] = Changed(writer => writer.ClaimedEntries = 1UL << 60),
            ["Q6_K"] = Changed(writer => writer.Tensor("extra", 14, new byte[210], 256)),
            ["number 99"] = Changed(writer => writer.Tensor("extra", 99, new byte[210], 256)),
            ["unknown type"] = Changed(writer => writer.Add("x", 77, [1])),
            ["claims a list"] = Changed(writer => writer.Add("x", 9, [.. BitConverter.GetBytes(0u), .. BitConverter.GetBytes(ulong.MaxValue)])),
            ["lists in lists"] = Changed(writer => writer.Add("x", 9, [.. Enumerable.Repeat((byte[])[.. BitConverter.GetBytes(9u), .. BitConverter.GetBytes(1UL)], 40).SelectMany(bytes => bytes)])),
            ["a text of"] = Changed(writer => writer.Add("x", 8, BitConverter.GetBytes(ulong.MaxValue))),
            ["twice"] = Changed(writer => writer.Add("llama.block_count", 2)),
            ["impossible extent"] = Changed(writer => writer.Tensor("extra", 0, new byte[32], 1UL << 40)),
            ["shares bytes"] = Changed(writer => writer.Place = (name, offset) => name == "blk.0.attn_q.weight" ? 0 : offset),
            ["cannot lie"] = Changed(writer => writer.Place = (name, offset) => name == "output_norm.weight" ? ulong.MaxValue : offset),
            ["not whole blocks"] = Changed(writer => writer.Tensor("extra", 8, new byte[34], 31)),
            ["cut short"] = good[..^200],
            ["alignment"] = Changed(writer => writer.Add("general.alignment", 7u)),
            ["architecture"] = Gguf(source, WeightFormat.F32, architecture: "mamba").ToBytes(),
        };
        using TempFolder folder = new();
        foreach ((string expected, byte[] bytes) in bad)
        {
            string path = folder.Write("bad.gguf", bytes);
            SkiptuneException error = Assert.Throws<SkiptuneException>(() => DecoderModel.Load(path));
            Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
            Assert.Contains(expected, error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', error.Message);
        }

        byte[] Changed(Action<GgufWriter> change)
        {
            GgufWriter writer = Gguf(source, WeightFormat.F32);
            change(writer);
            return writer.ToBytes();
        }
    }

    [Fact]
    public void A_gguf_file_changed_or_cut_anywhere_is_loaded_or_refused()
    {
        using DecoderModel source = Decoders.Random(Decoders.Tiny with { Blocks = 1 }, tied: true, biases: false);
        byte[] good = Gguf(source, WeightFormat.Q8_0).ToBytes();
        using TempFolder folder = new();
        SeededRandom random = new(1);
        for (int i = 0; i < 400; i++)
        {
            byte[] bytes = [.. good];
            for (int change = 0; change <= i % 3; change++)
                bytes[random.NextInt32(Math.Min(bytes.Length, 12_000))] = (byte)random.NextInt32(256);
            if (i % 4 == 0)
                bytes = bytes[..random.NextInt32(bytes.Length)];
            string path = folder.Write("fuzz.gguf", bytes);
            try
            {
                DecoderModel.Load(path).Dispose();
            }
            catch (SkiptuneException exception)
            {
                Assert.DoesNotContain('\n', exception.Message);
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_hugging_face_folder_gives_the_logits_of_its_weights(int files)
    {
        using DecoderModel source = Decoders.Random(Decoders.Tiny with { RotaryLayout = RotaryLayout.Halves, Vocabulary = 260 }, tied: true, biases: true);
        using TempFolder folder = new();
        WriteFolder(folder, source, files);
        using DecoderModel read = DecoderModel.Load(folder.Path);
        Assert.Equal(Logits(source), Logits(read));
        Assert.Equal(259, Assert.Single(read.Tokenizer.Special.End));
        Assert.Equal("ab bc", read.Tokenizer.Decode(read.Tokenizer.Encode("ab bc")));
        Assert.Equal(3, read.Tokenizer.Encode("ab bc").Length);
    }

    [Fact]
    public void The_other_files_of_a_folder_say_how_texts_end_and_messages_are_written()
    {
        using DecoderModel source = Decoders.Random(Decoders.Tiny with { RotaryLayout = RotaryLayout.Halves, Vocabulary = 260 }, tied: true, biases: true);
        using TempFolder folder = new();
        WriteFolder(folder, source, 1);
        folder.Write("generation_config.json", """{"eos_token_id":[259,700]}"""u8.ToArray());
        folder.Write("tokenizer_config.json", """{"eos_token":{"content":"<|end|>"},"chat_template":[{"name":"tools","template":"no"},{"name":"default","template":"yes"}]}"""u8.ToArray());
        using (DecoderModel read = DecoderModel.Load(folder.Path))
        {
            // Of ids past the last token nothing can be made.
            Assert.Equal(259, Assert.Single(read.Tokenizer.Special.End));
            Assert.Equal(259, read.Tokenizer.Special.EndOfSequence);
            Assert.Null(read.Tokenizer.Special.BeginOfSequence);
            Assert.Equal("yes", read.Tokenizer.Special.ChatTemplate);
        }
        folder.Write("chat_template.jinja", "newer"u8.ToArray());
        using (DecoderModel read = DecoderModel.Load(folder.Path))
            Assert.Equal("newer", read.Tokenizer.Special.ChatTemplate);
        folder.Write("tokenizer_config.json", """{"chat_template":[{"template":3}]}"""u8.ToArray());
        SkiptuneException error = Assert.Throws<SkiptuneException>(() => DecoderModel.Load(folder.Path));
        Assert.StartsWith(folder.File("tokenizer_config.json"), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_gguf_file_brings_its_chat_template()
    {
        using DecoderModel source = Decoders.Random(Decoders.Tiny, tied: true, biases: false);
        using TempFolder folder = new();
        using DecoderModel read = DecoderModel.Load(folder.Write("model.gguf", Gguf(source, WeightFormat.F32).Add("tokenizer.chat_template", "{{ x }}").ToBytes()));
        Assert.Equal("{{ x }}", read.Tokenizer.Special.ChatTemplate);
        Assert.Equal((1, 2), (read.Tokenizer.Special.BeginOfSequence, read.Tokenizer.Special.EndOfSequence));
    }

    [Fact]
    public void Bad_folders_are_refused_in_one_line()
    {
        using DecoderModel source = Decoders.Random(Decoders.Tiny with { RotaryLayout = RotaryLayout.Halves, Vocabulary = 260 }, tied: true, biases: true);
        foreach ((string file, string from, string to, string expected) in ((string, string, string, string)[])
        [
            ("config.json", "qwen2", "mamba", "llama and qwen2"),
            ("config.json", "\"hidden_size\":32", "\"hidden_size\":\"x\"", "whole number"),
            ("config.json", "\"hidden_size\":32", "\"hidden_size\":33", "33"),
            ("config.json", "{", "[", "JSON"),
            ("tokenizer.json", "\"BPE\"", "\"Unigram\"", "BPE is supported"),
            ("tokenizer.json", "a b", "ab", "no pair"),
            ("tokenizer.json", "ByteLevel", "Magic", "Magic"),
            ("model.safetensors.index.json", "part1.safetensors", "../x.safetensors", "not in its folder"),
        ])
        {
            using TempFolder folder = new();
            WriteFolder(folder, source, 3);
            string path = folder.File(file);
            string text = File.ReadAllText(path);
            Assert.Contains(from, text, StringComparison.Ordinal);
            File.WriteAllText(path, text.Replace(from, to, StringComparison.Ordinal));
            SkiptuneException error = Assert.Throws<SkiptuneException>(() => DecoderModel.Load(folder.Path));
            Assert.Contains(expected, error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', error.Message);
        }
    }

    [Fact]
    public void Damaged_llama2c_files_are_refused()
    {
        byte[] good = File.ReadAllBytes(AssetFiles.Path("stories260K/stories260K.bin"));
        byte[] tokenizer = File.ReadAllBytes(AssetFiles.Path("stories260K/tok512.bin"));
        using TempFolder folder = new();
        folder.Write("tok512.bin", tokenizer);
        foreach (byte[] bytes in (byte[][])[[], good[..20], good[..^4], [.. good, 0, 0, 0, 0], new byte[100], [.. Enumerable.Repeat((byte)255, 100)], [.. BitConverter.GetBytes(int.MaxValue), .. good[4..]]])
            Assert.Throws<SkiptuneException>(() => DecoderModel.Load(folder.Write("model.bin", bytes)));
        folder.Write("model.bin", good);
        foreach (byte[] bytes in (byte[][])[[], tokenizer[..^3], [.. tokenizer, 0, 0, 0, 0, 255, 255, 255, 255]])
        {
            folder.Write("tok512.bin", bytes);
            Assert.Throws<SkiptuneException>(() => DecoderModel.Load(folder.File("model.bin")));
        }
    }

    private static double Dot(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        double sum = 0;
        for (int i = 0; i < left.Length; i++)
            sum += (double)left[i] * right[i];
        return sum;
    }

    private static float[] Logits(DecoderModel model) => Stories.Run(DecoderGraph.Build(model, Prompt.Length), Prompt, DecoderNames.Output)[DecoderNames.Output];

    private static GgufWriter Gguf(DecoderModel model, WeightFormat format, string architecture = "llama")
    {
        DecoderConfig config = model.Config;
        GgufWriter writer = new();
        writer.Add("general.architecture", architecture)
            .Add($"{architecture}.embedding_length", (uint)config.Width)
            .Add($"{architecture}.feed_forward_length", (uint)config.Hidden)
            .Add($"{architecture}.block_count", (uint)config.Blocks)
            .Add($"{architecture}.attention.head_count", (uint)config.Heads)
            .Add($"{architecture}.attention.head_count_kv", (uint)config.KeyValueHeads)
            .Add($"{architecture}.context_length", (uint)config.Context)
            .Add($"{architecture}.attention.layer_norm_rms_epsilon", config.NormEpsilon)
            .Add($"{architecture}.rope.freq_base", config.RotaryBase)
            .Add("tokenizer.ggml.model", "llama")
            .Add("tokenizer.ggml.tokens", [.. Enumerable.Range(0, config.Vocabulary).Select(id => id < 3 ? Decoders.Special.Names[id] : $"<0x{id - 3:X2}>")])
            .Add("tokenizer.ggml.scores", new float[config.Vocabulary])
            .Add("tokenizer.ggml.token_type", [.. Enumerable.Range(0, config.Vocabulary).Select(id => id == 0 ? 2 : id < 3 ? 3 : 6)])
            .Add("tokenizer.ggml.bos_token_id", 1u)
            .Add("tokenizer.ggml.eos_token_id", 2u);
        Matrix("token_embd.weight", model.Weights.Embedding);
        Vector("output_norm.weight", model.Weights.Norm);
        if (model.Weights.Output is { } output)
            Matrix("output.weight", output);
        for (int i = 0; i < config.Blocks; i++)
        {
            BlockWeights block = model.Weights.Blocks[i];
            Vector($"blk.{i}.attn_norm.weight", block.AttentionNorm);
            Matrix($"blk.{i}.attn_q.weight", block.Query.Weight);
            Matrix($"blk.{i}.attn_k.weight", block.Key.Weight);
            Matrix($"blk.{i}.attn_v.weight", block.Value.Weight);
            Matrix($"blk.{i}.attn_output.weight", block.Attention);
            Vector($"blk.{i}.ffn_norm.weight", block.FeedForwardNorm);
            Matrix($"blk.{i}.ffn_gate.weight", block.Gate);
            Matrix($"blk.{i}.ffn_up.weight", block.Up);
            Matrix($"blk.{i}.ffn_down.weight", block.Down);
        }
        return writer;

        void Matrix(string name, WeightMatrix weight) => writer.Tensor(name, format, weight.ToTensor().Span, (ulong)weight.Columns, (ulong)weight.Rows);

        void Vector(string name, Tensor values) => writer.Tensor(name, WeightFormat.F32, values.Span, (ulong)values.Shape.Count);
    }

    private static void WriteFolder(TempFolder folder, DecoderModel model, int files)
    {
        DecoderConfig config = model.Config;
        folder.Write("config.json", JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object>
        {
            ["model_type"] = "qwen2",
            ["hidden_act"] = "silu",
            ["hidden_size"] = config.Width,
            ["intermediate_size"] = config.Hidden,
            ["num_hidden_layers"] = config.Blocks,
            ["num_attention_heads"] = config.Heads,
            ["num_key_value_heads"] = config.KeyValueHeads,
            ["vocab_size"] = config.Vocabulary,
            ["max_position_embeddings"] = config.Context,
            ["rms_norm_eps"] = config.NormEpsilon,
            ["rope_theta"] = config.RotaryBase,
            ["tie_word_embeddings"] = true,
            ["eos_token_id"] = 259,
        }));
        (string[] tokens, (string Left, string Right)[] merges) = TokenizerTests.ByteLevelVocabulary();
        folder.Write("tokenizer.json", JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object>
        {
            ["added_tokens"] = new[] { new Dictionary<string, object> { ["id"] = 259, ["content"] = tokens[259], ["special"] = true } },
            ["pre_tokenizer"] = new Dictionary<string, object> { ["type"] = "ByteLevel", ["add_prefix_space"] = false, ["use_regex"] = true },
            ["model"] = new Dictionary<string, object>
            {
                ["type"] = "BPE",
                ["vocab"] = tokens.Take(259).Select((token, id) => (token, id)).ToDictionary(pair => pair.token, pair => pair.id),
                ["merges"] = merges.Select(merge => $"{merge.Left} {merge.Right}").ToArray(),
            },
        }));
        Dictionary<string, Tensor> all = new()
        {
            ["model.embed_tokens.weight"] = model.Weights.Embedding.ToTensor(),
            ["model.norm.weight"] = model.Weights.Norm,
        };
        for (int i = 0; i < config.Blocks; i++)
        {
            BlockWeights block = model.Weights.Blocks[i];
            string name = $"model.layers.{i}";
            all[$"{name}.input_layernorm.weight"] = block.AttentionNorm;
            all[$"{name}.post_attention_layernorm.weight"] = block.FeedForwardNorm;
            foreach ((string part, BiasedWeight weight) in ((string, BiasedWeight)[])[("q", block.Query), ("k", block.Key), ("v", block.Value), ("o", new BiasedWeight(block.Attention))])
            {
                all[$"{name}.self_attn.{part}_proj.weight"] = weight.Weight.ToTensor();
                if (weight.Bias is not null)
                    all[$"{name}.self_attn.{part}_proj.bias"] = weight.Bias;
            }
            all[$"{name}.mlp.gate_proj.weight"] = block.Gate.ToTensor();
            all[$"{name}.mlp.up_proj.weight"] = block.Up.ToTensor();
            all[$"{name}.mlp.down_proj.weight"] = block.Down.ToTensor();
        }
        if (files == 1)
        {
            folder.Write("model.safetensors", SafetensorsFile.Write(all));
            return;
        }
        Dictionary<string, string> places = all.Keys.Order(StringComparer.Ordinal).Select((name, i) => (name, $"part{i % files}.safetensors")).ToDictionary(pair => pair.name, pair => pair.Item2);
        foreach (string file in places.Values.Distinct())
            folder.Write(file, SafetensorsFile.Write(all.Where(pair => places[pair.Key] == file).ToDictionary()));
        folder.Write("model.safetensors.index.json", JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object> { ["weight_map"] = places }));
    }
}
