using System.Collections.Immutable;
using System.Text;
using Skiptune.Language.Models;
using Skiptune.Language.Tokenizers;
using Skiptune.Language.Weights;
using Skiptune.Numerics;

namespace Skiptune.Language.Files;

/// <summary>Models in GGUF version 3, as llama.cpp writes them, of the architectures llama and qwen2.</summary>
internal sealed unsafe class GgufFile
{
    private static readonly ImmutableDictionary<uint, WeightFormat> Types = ImmutableDictionary<uint, WeightFormat>.Empty
        .Add(0, WeightFormat.F32).Add(1, WeightFormat.F16).Add(2, WeightFormat.Q4_0).Add(3, WeightFormat.Q4_1).Add(8, WeightFormat.Q8_0).Add(30, WeightFormat.BF16);

    // Of the types that are not read, for the error.
    private static readonly ImmutableDictionary<uint, string> OtherTypes = ImmutableDictionary<uint, string>.Empty
        .Add(6, "Q5_0").Add(7, "Q5_1").Add(9, "Q8_1").Add(10, "Q2_K").Add(11, "Q3_K").Add(12, "Q4_K").Add(13, "Q5_K").Add(14, "Q6_K").Add(15, "Q8_K")
        .Add(16, "IQ2_XXS").Add(17, "IQ2_XS").Add(18, "IQ3_XXS").Add(19, "IQ1_S").Add(20, "IQ4_NL").Add(21, "IQ3_S").Add(22, "IQ2_S").Add(23, "IQ4_XS");

    private readonly MappedFile _file;
    private readonly GgufReader _content;
    private readonly string _architecture;

    private GgufFile(MappedFile file)
    {
        _file = file;
        _content = GgufReader.Read(file);
        _architecture = Text("general.architecture") ?? throw file.Error("does not name its architecture");
        if (_architecture is not ("llama" or "qwen2"))
            throw file.Error($"is of the architecture {ErrorText.Quote(_architecture)}; llama and qwen2 are supported");
        CheckTensors();
    }

    public static DecoderModel Read(string path)
    {
        MappedFile file = new(path);
        try
        {
            GgufFile gguf = new(file);
            DecoderConfig config = gguf.Config();
            Tokenizer tokenizer = GgufTokenizer.Read(file, gguf._content.Metadata);
            if (tokenizer.Count != config.Vocabulary)
                throw file.Error($"has a tokenizer of {tokenizer.Count} tokens and an embedding of {config.Vocabulary}");
            return new DecoderModel(gguf.Text("general.name") ?? Path.GetFileName(path), config, gguf.Weights(config), tokenizer, file.Hash, [file]);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    // No two tensors share bytes, and all lie in the file.
    private void CheckTensors()
    {
        string[] unknown = [.. _content.Tensors.Values.Select(tensor => tensor.Type).Where(type => !Types.ContainsKey(type)).Distinct().Order().Select(type => OtherTypes.GetValueOrDefault(type, $"number {type}"))];
        if (unknown.Length > 0)
            throw _file.Error($"has tensors of the types {string.Join(", ", unknown)}; {string.Join(", ", WeightFormats.All)} are supported: convert the file to one of them");
        long end = 0;
        foreach (GgufTensor tensor in _content.Tensors.Values.OrderBy(tensor => tensor.Offset))
        {
            WeightFormat format = Types[tensor.Type];
            if (tensor.Extents[0] % format.BlockValues() != 0)
                throw Fail(tensor.Name, $"has rows of {tensor.Extents[0]}, not whole blocks of {format.BlockValues()}");
            if (tensor.Offset < end)
                throw Fail(tensor.Name, "shares bytes with another");
            end = tensor.Offset + format.Bytes(tensor.Count);
            if (end > _file.Length)
                throw Fail(tensor.Name, $"ends at {end}, the file at {_file.Length}; it is cut short, copy it again");
        }
    }

    private DecoderConfig Config()
    {
        int heads = Integer("attention.head_count");
        int width = Integer("embedding_length");
        DecoderConfig config = new()
        {
            Width = width,
            Hidden = Integer("feed_forward_length"),
            Blocks = Integer("block_count"),
            Heads = heads,
            KeyValueHeads = Integer("attention.head_count_kv", heads),
            HeadSize = Integer("rope.dimension_count", width / Math.Max(1, heads)),
            Vocabulary = (int)(Find("token_embd.weight").Extents is [_, var tokens] ? tokens : throw Fail("token_embd.weight", "is no matrix")),
            Context = Integer("context_length"),
            NormEpsilon = (float)Real("attention.layer_norm_rms_epsilon", 1e-5),
            RotaryBase = (float)Real("rope.freq_base", 10_000),
            RotaryLayout = _architecture == "llama" ? RotaryLayout.Interleaved : RotaryLayout.Halves,
            RotaryScaling = Scaling(),
        };
        try
        {
            config.Check();
        }
        catch (SkiptuneException exception)
        {
            throw ErrorText.Of(_file.Path, exception.Message, exception);
        }
        return config;
    }

    private RotaryScaling? Scaling()
    {
        if (_content.Tensors.ContainsKey("rope_freqs.weight"))
            throw _file.Error("has frequencies of its own for the rotary positions (rope_freqs.weight), which are not supported");
        return Text($"{_architecture}.rope.scaling.type") switch
        {
            null or "none" => null,
            "linear" => new RotaryScaling((float)Real("rope.scaling.factor", 1)),
            var other => throw _file.Error($"has the rotary scaling {ErrorText.Quote(other)}; linear is supported"),
        };
    }

    private DecoderWeights Weights(DecoderConfig config) => new(
        Matrix("token_embd.weight", config.Vocabulary, config.Width),
        [.. Enumerable.Range(0, config.Blocks).Select(i => Block(config, i))],
        Vector("output_norm.weight", config.Width),
        _content.Tensors.ContainsKey("output.weight") ? Matrix("output.weight", config.Vocabulary, config.Width) : null);

    private BlockWeights Block(DecoderConfig config, int block)
    {
        string name = $"blk.{block}.";
        return new BlockWeights(
            Vector($"{name}attn_norm.weight", config.Width),
            Biased($"{name}attn_q", config.QueryWidth, config.Width),
            Biased($"{name}attn_k", config.KeyValueWidth, config.Width),
            Biased($"{name}attn_v", config.KeyValueWidth, config.Width),
            Matrix($"{name}attn_output.weight", config.Width, config.QueryWidth),
            Vector($"{name}ffn_norm.weight", config.Width),
            Matrix($"{name}ffn_gate.weight", config.Hidden, config.Width),
            Matrix($"{name}ffn_up.weight", config.Hidden, config.Width),
            Matrix($"{name}ffn_down.weight", config.Width, config.Hidden));
    }

    private BiasedWeight Biased(string name, int rows, int columns) =>
        new(Matrix($"{name}.weight", rows, columns), _content.Tensors.ContainsKey($"{name}.bias") ? Vector($"{name}.bias", rows) : null);

    private WeightMatrix Matrix(string name, int rows, int columns)
    {
        GgufTensor tensor = Find(name);
        if (!tensor.Extents.SequenceEqual(columns == 1 ? [rows] : [columns, rows]))
            throw Fail(name, $"is {string.Join('x', tensor.Extents)}, the model needs {columns}x{rows}");
        return new WeightMatrix(Types[tensor.Type], rows, columns, _file, _file.At(tensor.Offset));
    }

    private Tensor Vector(string name, int length)
    {
        GgufTensor tensor = Find(name);
        if (!tensor.Extents.SequenceEqual([length]))
            throw Fail(name, $"is {string.Join('x', tensor.Extents)}, the model needs {length}");
        Tensor vector = new WeightMatrix(Types[tensor.Type], 1, length, _file, _file.At(tensor.Offset)).ToTensor().Reshape(new Shape(length));
        return vector.IsFinite() ? vector : throw Fail(name, "holds NaN or infinity");
    }

    private GgufTensor Find(string name) => _content.Tensors.TryGetValue(name, out GgufTensor? tensor) ? tensor : throw _file.Error($"lacks the tensor {ErrorText.Quote(name)}");

    private SkiptuneException Fail(string tensor, string problem) => _file.Error($"the tensor {ErrorText.Quote(tensor)} {problem}");

    private string? Text(string key) => _content.Metadata.GetValueOrDefault(key) is byte[] bytes ? Encoding.UTF8.GetString(bytes) : null;

    private int Integer(string key, int? missing = null) => _content.Metadata.GetValueOrDefault($"{_architecture}.{key}") switch
    {
        long value and >= 0 and <= int.MaxValue => (int)value,
        ulong value and <= int.MaxValue => (int)value,
        null when missing is { } value => value,
        _ => throw _file.Error($"lacks the whole number {_architecture}.{key}"),
    };

    private double Real(string key, double missing) => _content.Metadata.GetValueOrDefault($"{_architecture}.{key}") switch
    {
        double value => value,
        long value => value,
        null => missing,
        _ => throw _file.Error($"has a {_architecture}.{key} that is no number"),
    };
}
