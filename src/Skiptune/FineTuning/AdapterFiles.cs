using System.Collections.Immutable;
using System.Text.Json;
using Skiptune.Files;
using Skiptune.Numerics;

namespace Skiptune.FineTuning;

/// <summary>
/// An adapter on disk: adapter_model.safetensors with the tensors, adapter_config.json with what they mean. The tensors
/// are written first and the configuration names their hash, so a pair from two different runs is noticed.
/// </summary>
internal static class AdapterFiles
{
    public const string ModelFile = "adapter_model.safetensors";
    public const string ConfigFile = "adapter_config.json";

    private const int MaxConfigBytes = 1 << 20;

    private const string WholeNumber = "a whole number";

    private static readonly JsonWriterOptions Indented = new() { Indented = true, NewLine = "\n" };

    public static void Save(Adapter adapter, string directory)
    {
        try
        {
            Directory.CreateDirectory(directory);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw ErrorText.Of(directory, $"the folder cannot be made: {exception.Message}", exception);
        }
        AdapterContent content = Write(adapter);
        AtomicFile.Write(Path.Combine(directory, ModelFile), content.Tensors);
        AtomicFile.Write(Path.Combine(directory, ConfigFile), content.Config);
    }

    public static AdapterContent Write(Adapter adapter)
    {
        byte[] tensors = SafetensorsFile.Write(adapter.Tensors, new Dictionary<string, string>(StringComparer.Ordinal) { ["format"] = "pt" });
        return new AdapterContent(Config(adapter, tensors), tensors);
    }

    public static Adapter Load(string directory)
    {
        string configPath = Path.Combine(directory, ConfigFile);
        string modelPath = Path.Combine(directory, ModelFile);
        byte[] config = BoundedFile.ReadAllBytes(configPath, MaxConfigBytes);
        return Read(new AdapterContent(config, BoundedFile.ReadAllBytes(modelPath, Shape.MaxElements)), configPath, modelPath);
    }

    public static Adapter Read(AdapterContent content, string configPath, string modelPath)
    {
        (byte[] config, byte[] file) = content;
        try
        {
            using JsonDocument document = JsonDocument.Parse(config, new JsonDocumentOptions { MaxDepth = 8 });
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
                throw new FormatException("it should be an object in braces");
            if (Text(root, "adapter_sha256") != Hash(file))
                throw new SkiptuneException($"does not belong to {ModelFile} beside it; copy both files from the same run");
            FineTuneMethod method = FineTuneMethod.Parse(Text(root, "skiptune_method"));
            int rank = Integer(Required(root, "r", WholeNumber), "r");
            float alpha = Number(root, "lora_alpha");
            int? classes = root.TryGetProperty("skiptune_classes", out JsonElement count) ? Integer(count, "skiptune_classes") : null;
            string? output = root.TryGetProperty("skiptune_output", out _) ? Text(root, "skiptune_output") : null;
            new FineTuneOptions { Method = method, Rank = rank, Alpha = alpha, Output = output, Classes = classes }.Check();
            return new Adapter(
                method,
                rank,
                alpha,
                Text(root, "base_model_sha256"),
                SafetensorsFile.Read(file, modelPath).Tensors.ToImmutableSortedDictionary(StringComparer.Ordinal))
            {
                Taps = root.TryGetProperty("skiptune_taps", out JsonElement taps) ? [.. Rules(taps)] : [],
                Classes = classes,
                Output = output,
            };
        }
        catch (Exception exception) when (exception is JsonException or FormatException or InvalidOperationException)
        {
            // InvalidOperationException: text that is no UTF-8, or half of a surrogate pair.
            throw ErrorText.Of(configPath, $"is not an adapter configuration: {exception.Message}", exception);
        }
        catch (SkiptuneException exception) when (!exception.Message.StartsWith(modelPath, StringComparison.Ordinal))
        {
            throw ErrorText.Of(configPath, exception.Message, exception);
        }
    }

    private static byte[] Config(Adapter adapter, byte[] tensors)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream, Indented))
        {
            json.WriteStartObject();
            json.WriteString("peft_type", adapter.Method.AdapterType);
            json.WriteString("skiptune_method", adapter.Method.Name);
            json.WriteNumber("r", adapter.Rank);
            json.WriteNumber("lora_alpha", adapter.Alpha);
            if (!adapter.Taps.IsEmpty)
            {
                json.WriteStartArray("skiptune_taps");
                foreach (TapRule tap in adapter.Taps)
                {
                    json.WriteStartObject();
                    json.WriteString("layer", tap.Pattern);
                    json.WriteString("reduction", (tap.Reduction ?? TapReduction.Flatten).Name);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
            }
            if (adapter.Classes is { } classes)
                json.WriteNumber("skiptune_classes", classes);
            if (adapter.Output is { } output)
                json.WriteString("skiptune_output", output);
            json.WriteString("base_model_sha256", adapter.BaseFingerprint);
            json.WriteString("adapter_sha256", Hash(tensors));
            json.WriteBoolean("inference_mode", value: true);
            json.WriteEndObject();
        }
        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }

    private static TapRule Rule(JsonElement tap) => new(Text(tap, "layer"), TapReduction.Parse(Text(tap, "reduction")));

    private static IEnumerable<TapRule> Rules(JsonElement taps) =>
        taps.ValueKind == JsonValueKind.Array ? taps.EnumerateArray().Select(Rule) : throw Wrong("skiptune_taps", "a list");

    private static string Text(JsonElement element, string name) =>
        Required(element, name, "a text") is { ValueKind: JsonValueKind.String } value ? value.GetString()! : throw Wrong(name, "a text");

    private static float Number(JsonElement element, string name) =>
        Required(element, name, "a number") is { ValueKind: JsonValueKind.Number } value && value.TryGetSingle(out float number)
            ? number
            : throw Wrong(name, "a number");

    private static int Integer(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) ? number : throw Wrong(name, WholeNumber);

    private static JsonElement Required(JsonElement element, string name, string expected)
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw new FormatException($"'{name}' should stand in an object in braces");
        return element.TryGetProperty(name, out JsonElement value) ? value : throw new FormatException($"'{name}' is missing; it should be {expected}");
    }

    private static FormatException Wrong(string name, string expected) => new($"'{name}' should be {expected}");

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes));
}
