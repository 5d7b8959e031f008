using System.Collections.Immutable;
using System.Text.Json;
using Skiptune.Files;
using Skiptune.FineTuning;
using Skiptune.Language.Models;
using Skiptune.Numerics;

namespace Skiptune.Language.FineTuning;

/// <summary>
/// Adapters of decoders on disk: adapter_model.safetensors and adapter_config.json, in PEFT's layout for lora-all, marked
/// with a type of our own for all else, so that no loader takes skip adapters for LoRA.
/// </summary>
public static class DecoderAdapter
{
    private const string ModelFile = "adapter_model.safetensors";
    private const string ConfigFile = "adapter_config.json";
    private const int MaxConfigBytes = 1 << 20;

    // What PEFT puts before the names of the base's layers.
    private const string PeftPrefix = "base_model.model.";

    private static readonly JsonWriterOptions Layout = new() { Indented = true, NewLine = "\n" };

    /// <summary>Writes an adapter; each file is written whole or not at all.</summary>
    /// <param name="adapter">What a fine-tuning of a decoder changed.</param>
    /// <param name="settings">The method's name and settings.</param>
    /// <param name="directory">The folder; made if missing.</param>
    /// <exception cref="SkiptuneException">The folder cannot be written.</exception>
    public static void Save(Adapter adapter, DecoderMethodSettings settings, string directory)
    {
        ArgumentNullException.ThrowIfNull(adapter);
        ArgumentNullException.ThrowIfNull(settings);
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
        AtomicFile.Write(Path.Combine(directory, ConfigFile), Config(adapter, settings, Fingerprints.Of(tensors)));
    }

    /// <summary>Reads an adapter.</summary>
    /// <param name="directory">The folder.</param>
    /// <exception cref="SkiptuneException">A file is missing or damaged, or the adapter is not a decoder's.</exception>
    public static Adapter Load(string directory)
    {
        string configPath = Path.Combine(directory, ConfigFile);
        string modelPath = Path.Combine(directory, ModelFile);
        byte[] config = BoundedFile.ReadAllBytes(configPath, MaxConfigBytes);
        byte[] file = BoundedFile.ReadAllBytes(modelPath, Shape.MaxElements);
        try
        {
            using JsonDocument document = JsonDocument.Parse(config, new JsonDocumentOptions { MaxDepth = 8 });
            JsonElement root = document.RootElement;
            if (!root.TryGetProperty("skiptune_decoder_method", out JsonElement method))
                throw new SkiptuneException("is not an adapter that 'skiptune lm finetune' wrote");
            if (root.GetProperty("adapter_sha256").GetString() != Fingerprints.Of(file))
                throw new SkiptuneException($"does not belong to {ModelFile} beside it; copy both files from the same run");
            DecoderMethodSettings settings = new(
                method.GetString()!,
                Enum.Parse<DecoderTaps>(root.GetProperty("skiptune_taps").GetString()!),
                Enum.Parse<SkipTarget>(root.GetProperty("skiptune_target").GetString()!),
                root.GetProperty("skiptune_with_ft_last").GetBoolean());
            FineTuneOptions options = new() { Method = settings.Method, Rank = root.GetProperty("r").GetInt32(), Alpha = root.GetProperty("lora_alpha").GetSingle() };
            options.Check();
            ImmutableSortedDictionary<string, Tensor> tensors = SafetensorsFile.Read(file, modelPath).Tensors.ToImmutableSortedDictionary(
                tensor => tensor.Key.StartsWith(PeftPrefix, StringComparison.Ordinal) ? tensor.Key[PeftPrefix.Length..] : tensor.Key,
                tensor => tensor.Value,
                StringComparer.Ordinal);
            return new Adapter(options.Method, options.Rank, options.EffectiveAlpha, root.GetProperty("base_model_sha256").GetString()!, tensors);
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

    private static byte[] Config(Adapter adapter, DecoderMethodSettings settings, string hash)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream, Layout))
        {
            json.WriteStartObject();
            json.WriteString("peft_type", adapter.Method.AdapterType);
            json.WriteString("task_type", "CAUSAL_LM");
            json.WriteNumber("r", adapter.Rank);
            json.WriteNumber("lora_alpha", adapter.Alpha);
            if (settings.Name == DecoderMethods.LoraAll.Name)
            {
                json.WriteStartArray("target_modules");
                foreach (string module in adapter.Tensors.Keys.Select(name => name.Split('.')[^3]).Distinct(StringComparer.Ordinal))
                    json.WriteStringValue(module);
                json.WriteEndArray();
                json.WriteString("bias", "none");
                json.WriteNumber("lora_dropout", 0);
            }
            json.WriteString("skiptune_decoder_method", settings.Name);
            json.WriteString("skiptune_taps", settings.Taps.ToString());
            json.WriteString("skiptune_target", settings.Target.ToString());
            json.WriteBoolean("skiptune_with_ft_last", settings.WithFtLast);
            json.WriteString("base_model_sha256", adapter.BaseFingerprint);
            json.WriteString("adapter_sha256", hash);
            json.WriteBoolean("inference_mode", value: true);
            json.WriteEndObject();
        }
        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }
}

/// <summary>A method for decoders by its name, and the settings that skip methods have.</summary>
/// <param name="Name">One of <see cref="DecoderMethods.Names"/>.</param>
/// <param name="Taps">What skip adapters read.</param>
/// <param name="Target">Where skip adapters add.</param>
/// <param name="WithFtLast">True to train the output matrix beside skip adapters.</param>
public sealed record DecoderMethodSettings(string Name, DecoderTaps Taps = DecoderTaps.Residual, SkipTarget Target = SkipTarget.Hidden, bool WithFtLast = false)
{
    /// <summary>The method.</summary>
    /// <exception cref="SkiptuneException">There is no such method.</exception>
    public FineTuneMethod Method => DecoderMethods.Parse(Name, Taps, Target, WithFtLast);
}
