using System.Text.Json;
using Skiptune.FineTuning;

namespace Skiptune.Language.FineTuning;

/// <summary>
/// Adapters of decoders on disk: adapter_model.safetensors and adapter_config.json, in PEFT's layout for lora-all, marked
/// with a type of our own for all else, so that no loader takes skip adapters for LoRA.
/// </summary>
public static class DecoderAdapter
{
    private const string Marker = "skiptune_decoder_method";

    /// <summary>Writes an adapter; each file is written whole or not at all.</summary>
    /// <param name="adapter">What a fine-tuning of a decoder changed.</param>
    /// <param name="settings">The method's name and settings.</param>
    /// <param name="directory">The folder; made if missing.</param>
    /// <exception cref="SkiptuneException">The folder cannot be written.</exception>
    public static void Save(Adapter adapter, DecoderMethodSettings settings, string directory)
    {
        ArgumentNullException.ThrowIfNull(adapter);
        ArgumentNullException.ThrowIfNull(settings);
        AdapterFolder.Save(adapter, directory, "CAUSAL_LM", json =>
        {
            json.WriteString(Marker, settings.Name);
            json.WriteString("skiptune_taps", settings.Taps.ToString());
            json.WriteString("skiptune_target", settings.Target.ToString());
            json.WriteBoolean("skiptune_with_ft_last", settings.WithFtLast);
        });
    }

    /// <summary>Reads an adapter.</summary>
    /// <param name="directory">The folder.</param>
    /// <exception cref="SkiptuneException">A file is missing or damaged, or the adapter is not a decoder's.</exception>
    public static Adapter Load(string directory) => AdapterFolder.Load(directory, Marker, "skiptune lm finetune", Read).Adapter;

    private static (DecoderMethodSettings Settings, FineTuneMethod Method, int? Classes) Read(JsonElement root)
    {
        DecoderMethodSettings settings = new(
            root.GetProperty(Marker).GetString()!,
            Enum.Parse<DecoderTaps>(root.GetProperty("skiptune_taps").GetString()!),
            Enum.Parse<SkipTarget>(root.GetProperty("skiptune_target").GetString()!),
            root.GetProperty("skiptune_with_ft_last").GetBoolean());
        return (settings, settings.Method, null);
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
