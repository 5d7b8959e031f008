using System.Collections.Immutable;
using System.Text.Json;
using Skiptune.Files;

namespace Skiptune.FineTuning;

/// <summary>trainer_state.json: read without trusting it, written whole or not at all.</summary>
internal static class TrainerStateFile
{
    public const string Name = "trainer_state.json";

    private const string Format = "skiptune-checkpoint";
    private const int Version = 1;
    private const int MaxBytes = 1 << 20;
    private const int Depth = 2;

    private static readonly JsonWriterOptions Indented = new() { Indented = true, NewLine = "\n" };
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = Depth, AllowDuplicateProperties = false };

    /// <summary>Replaces the state in a folder.</summary>
    public static void Write(string directory, TrainerState state)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream, Indented))
        {
            json.WriteStartObject();
            json.WriteString("format", Format);
            json.WriteNumber("version", Version);
            json.WriteNumber("epoch", state.Epoch);
            json.WriteNumber("steps", state.Steps);
            json.WriteNumber("final_loss", state.FinalLoss);
            json.WriteString("tensors", state.TensorsFile);
            json.WriteString("tensors_sha256", state.TensorsSha256);
            json.WriteStartObject("settings");
            foreach ((string name, string value) in state.Settings)
                json.WriteString(name, value);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        stream.WriteByte((byte)'\n');
        AtomicFile.Write(Path.Combine(directory, Name), stream.ToArray());
    }

    /// <summary>Reads the state in a folder; null if there is none.</summary>
    /// <exception cref="SkiptuneException">The file is damaged or no such state.</exception>
    public static TrainerState? ReadIfThere(string directory)
    {
        string path = Path.Combine(directory, Name);
        if (!Path.Exists(path))
            return null;
        byte[] bytes = BoundedFile.ReadAllBytes(path, MaxBytes);
        try
        {
            return Parse(bytes);
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw ErrorText.Of(path, $"is damaged or no state of a run: {exception.Message}", exception);
        }
    }

    private static TrainerState Parse(byte[] bytes)
    {
        using JsonDocument document = JsonDocument.Parse(bytes, Strict);
        JsonElement root = document.RootElement;
        if (Text(root, "format") != Format || root.GetProperty("version").GetInt32() != Version)
            throw new FormatException($"format and version must be {Format} {Version}");
        TrainerState state = new(
            root.GetProperty("epoch").GetInt32(),
            root.GetProperty("steps").GetInt64(),
            root.GetProperty("final_loss").GetDouble(),
            Text(root, "tensors_sha256"),
            [.. root.GetProperty("settings").EnumerateObject().Select(setting => KeyValuePair.Create(setting.Name, Text(setting.Value)))]);
        // Checked before the name of a file is made of it: nothing outside the folder can be named.
        if (state.TensorsSha256.Length != 64 || !state.TensorsSha256.All(char.IsAsciiHexDigitLower))
            throw new FormatException("tensors_sha256 is no hash");
        if (state.Epoch < 1 || state.Steps < 1 || !double.IsFinite(state.FinalLoss))
            throw new FormatException("epoch, steps or loss are out of range");
        if (Text(root, "tensors") != state.TensorsFile)
            throw new FormatException("the name of the tensors' file does not follow from epoch and hash");
        return state;
    }

    private static string Text(JsonElement root, string name) => Text(root.GetProperty(name));

    private static string Text(JsonElement value) => value.GetString() ?? throw new FormatException("a text is null");
}
