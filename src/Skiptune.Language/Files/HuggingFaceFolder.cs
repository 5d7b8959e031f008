using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Skiptune.Files;
using Skiptune.Language.Models;
using Skiptune.Language.Tokenizers;

namespace Skiptune.Language.Files;

/// <summary>A folder of Hugging Face: config.json, model.safetensors or the files of its index, tokenizer.json. Models of the types llama and qwen2.</summary>
internal static class HuggingFaceFolder
{
    private const int MaxConfigBytes = 1 << 20;
    private const int MaxIndexBytes = 64 << 20;
    private const string Single = "model.safetensors";
    private const string Index = "model.safetensors.index.json";

    public static DecoderModel Read(string folder)
    {
        string path = Path.Combine(folder, "config.json");
        DecoderConfig config;
        bool tied;
        using (JsonDocument document = Parse(path, MaxConfigBytes))
        {
            try
            {
                config = Config(document.RootElement, out tied);
                config.Check();
            }
            catch (Exception exception) when (exception is SkiptuneException or FormatException or InvalidOperationException or KeyNotFoundException)
            {
                throw ErrorText.Of(path, exception.Message, exception);
            }
        }
        Tokenizer tokenizer = TokenizerJson.Read(Path.Combine(folder, "tokenizer.json"));
        if (tokenizer.Count > config.Vocabulary)
            throw ErrorText.Of(folder, $"has a tokenizer of {tokenizer.Count} tokens and a model of {config.Vocabulary}");
        SafetensorsWeights weights = new();
        try
        {
            foreach (string file in WeightFiles(folder))
                weights.Add(file);
            DecoderWeights all = Weights(config, tied, weights);
            return new DecoderModel(Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))), config, all, tokenizer, () => Hash(weights), weights.Files);
        }
        catch
        {
            foreach (MappedFile file in weights.Files)
                file.Dispose();
            throw;
        }
    }

    /// <summary>Reads a JSON file of bounded length whose root is an object.</summary>
    internal static JsonDocument Parse(string path, int maxBytes)
    {
        try
        {
            JsonDocument document = JsonDocument.Parse(BoundedFile.ReadAllBytes(path, maxBytes), new JsonDocumentOptions { MaxDepth = 32 });
            return document.RootElement.ValueKind == JsonValueKind.Object ? document : throw ErrorText.Of(path, "is no JSON object");
        }
        catch (JsonException exception)
        {
            throw ErrorText.Of(path, $"is not valid JSON: {exception.Message}", exception);
        }
    }

    private static DecoderConfig Config(JsonElement root, out bool tied)
    {
        string type = root.TryGetProperty("model_type", out JsonElement named) ? named.GetString() ?? "" : "";
        if (type is not ("llama" or "qwen2"))
            throw new SkiptuneException($"is of the model type {ErrorText.Quote(type)}; llama and qwen2 are supported");
        if (root.TryGetProperty("hidden_act", out JsonElement activation) && activation.GetString() != "silu")
            throw new SkiptuneException($"has the activation {ErrorText.Quote(activation.GetString() ?? "")}; silu is supported");
        tied = root.TryGetProperty("tie_word_embeddings", out JsonElement tie) && tie.GetBoolean();
        int width = Integer(root, "hidden_size");
        int heads = Integer(root, "num_attention_heads");
        return new DecoderConfig
        {
            Width = width,
            Hidden = Integer(root, "intermediate_size"),
            Blocks = Integer(root, "num_hidden_layers"),
            Heads = heads,
            KeyValueHeads = Integer(root, "num_key_value_heads", heads),
            HeadSize = Integer(root, "head_dim", width / Math.Max(1, heads)),
            Vocabulary = Integer(root, "vocab_size"),
            Context = Integer(root, "max_position_embeddings"),
            NormEpsilon = Real(root, "rms_norm_eps", 1e-6f),
            RotaryBase = Real(root, "rope_theta", 10_000),
            RotaryLayout = RotaryLayout.Halves,
            RotaryScaling = root.TryGetProperty("rope_scaling", out JsonElement scaling) && scaling.ValueKind == JsonValueKind.Object ? Scaling(scaling) : null,
        };
    }

    private static RotaryScaling Scaling(JsonElement scaling)
    {
        string type = (scaling.TryGetProperty("rope_type", out JsonElement name) || scaling.TryGetProperty("type", out name) ? name.GetString() : null) ?? "";
        return type switch
        {
            "linear" => new RotaryScaling(Real(scaling, "factor", 1)),
            "llama3" => new RotaryScaling(Real(scaling, "factor", 1), Real(scaling, "low_freq_factor", 1), Real(scaling, "high_freq_factor", 4), Integer(scaling, "original_max_position_embeddings")),
            _ => throw new SkiptuneException($"has the rotary scaling {ErrorText.Quote(type)}; linear and llama3 are supported"),
        };
    }

    private static IEnumerable<string> WeightFiles(string folder)
    {
        string index = Path.Combine(folder, Index);
        if (!File.Exists(index))
            return [Path.Combine(folder, Single)];
        using JsonDocument document = Parse(index, MaxIndexBytes);
        if (!document.RootElement.TryGetProperty("weight_map", out JsonElement map) || map.ValueKind != JsonValueKind.Object)
            throw ErrorText.Of(index, "has no weight_map");
        string[] names = [.. map.EnumerateObject().Select(entry => entry.Value.ValueKind == JsonValueKind.String ? entry.Value.GetString()! : "").Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        // A name must not lead out of the folder.
        if (names.Length == 0 || names.Any(name => name.Length == 0 || Path.GetFileName(name) != name))
            throw ErrorText.Of(index, "names files that are not in its folder");
        return [.. names.Select(name => Path.Combine(folder, name))];
    }

    private static DecoderWeights Weights(DecoderConfig config, bool tied, SafetensorsWeights weights) => new(
        weights.Matrix(DecoderNames.Weight(DecoderNames.Embedding), config.Vocabulary, config.Width),
        [.. Enumerable.Range(0, config.Blocks).Select(block => Block(config, block, weights))],
        weights.Vector(DecoderNames.Weight(DecoderNames.Norm), config.Width),
        tied ? null : weights.Matrix(DecoderNames.Weight(DecoderNames.Output), config.Vocabulary, config.Width));

    private static BlockWeights Block(DecoderConfig config, int block, SafetensorsWeights weights)
    {
        return new BlockWeights(
            weights.Vector(DecoderNames.Weight(DecoderNames.AttentionNorm(block)), config.Width),
            Biased('q', config.QueryWidth),
            Biased('k', config.KeyValueWidth),
            Biased('v', config.KeyValueWidth),
            Matrix(DecoderNames.Projection(block, 'o'), config.Width, config.QueryWidth),
            weights.Vector(DecoderNames.Weight(DecoderNames.FeedForwardNorm(block)), config.Width),
            Matrix(DecoderNames.FeedForward(block, "gate"), config.Hidden, config.Width),
            Matrix(DecoderNames.FeedForward(block, "up"), config.Hidden, config.Width),
            Matrix(DecoderNames.FeedForward(block, "down"), config.Width, config.Hidden));

        Language.Weights.WeightMatrix Matrix(string layer, int rows, int columns) => weights.Matrix(DecoderNames.Weight(layer), rows, columns);

        BiasedWeight Biased(char which, int rows)
        {
            string layer = DecoderNames.Projection(block, which);
            return new BiasedWeight(Matrix(layer, rows, config.Width), weights.Has(DecoderNames.Bias(layer)) ? weights.Vector(DecoderNames.Bias(layer), rows) : null);
        }
    }

    private static string Hash(SafetensorsWeights weights) => weights.Files.Count == 1
        ? weights.Files[0].Hash()
        : Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Concat(weights.Files.Select(file => file.Hash())))));

    private static int Integer(JsonElement root, string name, int? missing = null)
    {
        if (!root.TryGetProperty(name, out JsonElement value) || value.ValueKind == JsonValueKind.Null)
            return missing ?? throw new SkiptuneException($"lacks the whole number '{name}'");
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) ? number : throw new SkiptuneException($"'{name}' should be a whole number");
    }

    private static float Real(JsonElement root, string name, float missing) =>
        !root.TryGetProperty(name, out JsonElement value) ? missing
        : value.ValueKind == JsonValueKind.Number && value.TryGetSingle(out float number) ? number
        : throw new SkiptuneException($"'{name}' should be a number");
}
