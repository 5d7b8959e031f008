using Skiptune.Language.Models;
using Skiptune.Language.Tests;
using Skiptune.Language.Weights;
using Skiptune.Numerics;

namespace Skiptune.LanguageModels;

/// <summary>A GGUF file of random weights in the shape of SmolLM-135M: what it says is nonsense, what it costs is not.</summary>
internal static class RandomModel
{
    public static DecoderConfig Shape135M { get; } = new()
    {
        Width = 576,
        Hidden = 1536,
        Blocks = 30,
        Heads = 9,
        KeyValueHeads = 3,
        HeadSize = 64,
        Vocabulary = 49_152,
        Context = 2048,
    };

    public static byte[] Make(DecoderConfig config, WeightFormat format)
    {
        SeededRandom random = new(1);
        GgufWriter writer = new();
        writer.Add("general.architecture", "llama")
            .Add("llama.embedding_length", (uint)config.Width)
            .Add("llama.feed_forward_length", (uint)config.Hidden)
            .Add("llama.block_count", (uint)config.Blocks)
            .Add("llama.attention.head_count", (uint)config.Heads)
            .Add("llama.attention.head_count_kv", (uint)config.KeyValueHeads)
            .Add("llama.context_length", (uint)config.Context)
            .Add("llama.attention.layer_norm_rms_epsilon", config.NormEpsilon)
            .Add("tokenizer.ggml.model", "llama")
            .Add("tokenizer.ggml.tokens", [.. Enumerable.Range(0, config.Vocabulary).Select(id => $"token{id}")]);
        Matrix("token_embd", config.Vocabulary, config.Width);
        Ones("output_norm");
        for (int i = 0; i < config.Blocks; i++)
        {
            Ones($"blk.{i}.attn_norm");
            Matrix($"blk.{i}.attn_q", config.QueryWidth, config.Width);
            Matrix($"blk.{i}.attn_k", config.KeyValueWidth, config.Width);
            Matrix($"blk.{i}.attn_v", config.KeyValueWidth, config.Width);
            Matrix($"blk.{i}.attn_output", config.Width, config.QueryWidth);
            Ones($"blk.{i}.ffn_norm");
            Matrix($"blk.{i}.ffn_gate", config.Hidden, config.Width);
            Matrix($"blk.{i}.ffn_up", config.Hidden, config.Width);
            Matrix($"blk.{i}.ffn_down", config.Width, config.Hidden);
        }
        return writer.ToBytes();

        void Matrix(string name, int rows, int columns) =>
            writer.Tensor($"{name}.weight", GgufWriter.TypeOf(format), Values(random, format, rows, columns), (ulong)columns, (ulong)rows);

        void Ones(string name)
        {
            float[] ones = new float[config.Width];
            ones.AsSpan().Fill(1);
            writer.Tensor($"{name}.weight", WeightFormat.F32, ones, (ulong)config.Width);
        }
    }

    private static byte[] Values(SeededRandom random, WeightFormat format, int rows, int columns)
    {
        byte[] bytes = new byte[format.Bytes((long)rows * columns)];
        float limit = MathF.Sqrt(3f / columns);
        for (int at = 0; at < bytes.Length; at += format.BlockBytes())
        {
            Span<byte> block = bytes.AsSpan(at, format.BlockBytes());
            switch (format)
            {
                case WeightFormat.F32:
                    BitConverter.TryWriteBytes(block, Value());
                    break;
                case WeightFormat.F16:
                    BitConverter.TryWriteBytes(block, (Half)Value());
                    break;
                case WeightFormat.BF16:
                    BitConverter.TryWriteBytes(block, (ushort)(BitConverter.SingleToUInt32Bits(Value()) >> 16));
                    break;
                default:
                    // The levels are random, scale and minimum are those of such levels.
                    for (int i = 2; i < block.Length; i++)
                        block[i] = (byte)random.NextUInt64();
                    BitConverter.TryWriteBytes(block, (Half)(limit / (format == WeightFormat.Q8_0 ? 128 : 8)));
                    if (format == WeightFormat.Q4_1)
                        BitConverter.TryWriteBytes(block[2..], (Half)(-limit));
                    break;
            }
        }
        return bytes;

        float Value() => (2 * random.NextSingle() - 1) * limit;
    }
}
