using System.Collections.Immutable;
using System.Text.Json;
using Skiptune.Files;
using Skiptune.FineTuning;
using Skiptune.Numerics;

namespace Skiptune.Language.FineTuning;

/// <summary>
/// An adapter of a decoder on disk: adapter_model.safetensors with PEFT's prefix before the names, and adapter_config.json
/// with what all of them have and the settings of a kind. The configuration names the hash of the tensors.
/// </summary>
internal static class AdapterFolder
{
    private const string ModelFile = "adapter_model.safetensors";
    private const string ConfigFile = "adapter_config.json";
    private const int MaxConfigBytes = 1 << 24;

    // What PEFT puts before the names of the base's layers.
    private const string PeftPrefix = "base_model.model.";

    private static readonly JsonWriterOptions Layout = new() { Indented = true, NewLine = "\n" };

    /// <summary>Writes an adapter; each file is written whole or not at all.</summary>
    /// <param name="adapter">The adapter.</param>
    /// <param name="directory">The folder; made if missing.</param>
    /// <param name="task">PEFT's name of the task.</param>
    /// <param name="settings">Writes the settings of a kind.</param>
    public static void Save(Adapter adapter, string directory, string task, Action<Utf8JsonWriter> settings)
    {
        try
        {
            Directory.CreateDirectory(directory);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw ErrorText.Of(directory, $"the folder cannot be made: {exception.Message}", exception);
        }
        byte[] tensors = SafetensorsFile.Write(
            adapter.Tensors.ToDictionary(tensor => PeftPrefix + tensor.Key, tensor => tensor.Value, StringComparer.Ordinal),
            new Dictionary<string, string>(StringComparer.Ordinal) { ["format"] = "pt" });
        AtomicFile.Write(Path.Combine(directory, ModelFile), tensors);
        AtomicFile.Write(Path.Combine(directory, ConfigFile), Config(adapter, task, settings, Fingerprints.Of(tensors)));
    }

    /// <summary>Reads an adapter.</summary>
    /// <param name="directory">The folder.</param>
    /// <param name="marker">A setting that every adapter of the kind has.</param>
    /// <param name="command">The command that writes them.</param>
    /// <param name="read">Makes the settings and their method from the configuration.</param>
    /// <exception cref="SkiptuneException">A file is missing or damaged, or the adapter is of another kind.</exception>
    public static (Adapter Adapter, T Settings) Load<T>(string directory, string marker, string command, Func<JsonElement, (T Settings, FineTuneMethod Method, int? Classes)> read)
    {
        string configPath = Path.Combine(directory, ConfigFile);
        string modelPath = Path.Combine(directory, ModelFile);
        byte[] config = BoundedFile.ReadAllBytes(configPath, MaxConfigBytes);
        byte[] file = BoundedFile.ReadAllBytes(modelPath, Shape.MaxElements);
        try
        {
            using JsonDocument document = JsonDocument.Parse(config, new JsonDocumentOptions { MaxDepth = 8 });
            JsonElement root = document.RootElement;
            if (!root.TryGetProperty(marker, out _))
                throw new SkiptuneException($"is not an adapter that '{command}' wrote");
            if (root.GetProperty("adapter_sha256").GetString() != Fingerprints.Of(file))
                throw new SkiptuneException($"does not belong to {ModelFile} beside it; copy both files from the same run");
            (T settings, FineTuneMethod method, int? classes) = read(root);
            FineTuneOptions options = new() { Method = method, Rank = root.GetProperty("r").GetInt32(), Alpha = root.GetProperty("lora_alpha").GetSingle(), Classes = classes };
            options.Check();
            ImmutableSortedDictionary<string, Tensor> tensors = SafetensorsFile.Read(file, modelPath).Tensors.ToImmutableSortedDictionary(
                tensor => tensor.Key.StartsWith(PeftPrefix, StringComparison.Ordinal) ? tensor.Key[PeftPrefix.Length..] : tensor.Key,
                tensor => tensor.Value,
                StringComparer.Ordinal);
            return (new Adapter(options.Method, options.Rank, options.EffectiveAlpha, root.GetProperty("base_model_sha256").GetString()!, tensors) { Classes = classes }, settings);
        }
        catch (Exception exception) when (exception is JsonException or FormatException or InvalidOperationException or KeyNotFoundException or ArgumentException)
        {
            throw ErrorText.Of(configPath, $"is not an adapter configuration: {exception.Message}", exception);
        }
        catch (SkiptuneException exception) when (!exception.Message.StartsWith(modelPath, StringComparison.Ordinal))
        {
            throw ErrorText.Of(configPath, exception.Message, exception);
        }
    }

    private static byte[] Config(Adapter adapter, string task, Action<Utf8JsonWriter> settings, string hash)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream, Layout))
        {
            json.WriteStartObject();
            json.WriteString("peft_type", adapter.Method.AdapterType);
            json.WriteString("task_type", task);
            json.WriteNumber("r", adapter.Rank);
            json.WriteNumber("lora_alpha", adapter.Alpha);
            if (adapter.Method.AdapterType == "LORA")
                WriteLora(json, adapter);
            settings(json);
            json.WriteString("base_model_sha256", adapter.BaseFingerprint);
            json.WriteString("adapter_sha256", hash);
            json.WriteBoolean("inference_mode", value: true);
            json.WriteEndObject();
        }
        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }

    private static void WriteLora(Utf8JsonWriter json, Adapter adapter)
    {
        json.WriteStartArray("target_modules");
        foreach (string module in adapter.Tensors.Keys.Where(name => name.EndsWith(".lora_A.weight", StringComparison.Ordinal)).Select(name => name.Split('.')[^3]).Distinct(StringComparer.Ordinal))
            json.WriteStringValue(module);
        json.WriteEndArray();
        json.WriteString("bias", "none");
        json.WriteNumber("lora_dropout", 0);
    }
}
