using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Skiptune.Files;

namespace Skiptune.Language.Files;

/// <summary>
/// What the other files of a Hugging Face folder say of a tokenizer: tokenizer_config.json and chat_template.jinja, which may
/// be missing, and the ends of texts in config.json and generation_config.json.
/// </summary>
/// <param name="Begin">The text of bos_token, or null.</param>
/// <param name="End">The text of eos_token, or null.</param>
/// <param name="ChatTemplate">The template of messages, or null.</param>
/// <param name="Ends">The ids that end a text.</param>
internal sealed record TokenizerConfigJson(string? Begin, string? End, string? ChatTemplate, ImmutableHashSet<int> Ends)
{
    private const int MaxBytes = 256 << 20;
    private const int MaxTemplateBytes = 1 << 20;

    /// <summary>Reads the files of a folder.</summary>
    /// <exception cref="SkiptuneException">A file is damaged.</exception>
    public static TokenizerConfigJson Read(string folder)
    {
        ImmutableHashSet<int> ends = Named("config.json", EndIds) ?? [];
        ends = ends.Union(Named("generation_config.json", EndIds) ?? []);
        TokenizerConfigJson config = Named("tokenizer_config.json", root => new TokenizerConfigJson(Token(root, "bos_token"), Token(root, "eos_token"), Template(root), ends))
            ?? new TokenizerConfigJson(null, null, null, ends);
        string path = Path.Combine(folder, "chat_template.jinja");
        return File.Exists(path) ? config with { ChatTemplate = Encoding.UTF8.GetString(BoundedFile.ReadAllBytes(path, MaxTemplateBytes)) } : config;

        T? Named<T>(string name, Func<JsonElement, T> read)
            where T : class
        {
            string file = Path.Combine(folder, name);
            if (!File.Exists(file))
                return null;
            using JsonDocument document = HuggingFaceFolder.Parse(file, MaxBytes);
            try
            {
                return read(document.RootElement);
            }
            catch (Exception exception) when (exception is InvalidOperationException or FormatException or KeyNotFoundException)
            {
                throw ErrorText.Of(file, exception.Message, exception);
            }
        }
    }

    private static ImmutableHashSet<int> EndIds(JsonElement root)
    {
        if (!root.TryGetProperty("eos_token_id", out JsonElement end))
            return [];
        return end.ValueKind switch
        {
            JsonValueKind.Number => [end.GetInt32()],
            JsonValueKind.Array => [.. end.EnumerateArray().Select(id => id.GetInt32())],
            _ => [],
        };
    }

    // A text, or an object with its properties.
    private static string? Token(JsonElement root, string name) => !root.TryGetProperty(name, out JsonElement token) ? null : token.ValueKind switch
    {
        JsonValueKind.String => token.GetString(),
        JsonValueKind.Object => token.GetProperty("content").GetString(),
        _ => null,
    };

    // One, or several of which one is the default.
    private static string? Template(JsonElement root)
    {
        if (!root.TryGetProperty("chat_template", out JsonElement template))
            return null;
        return template.ValueKind switch
        {
            JsonValueKind.String => template.GetString(),
            JsonValueKind.Array => template.EnumerateArray().FirstOrDefault(entry => entry.GetProperty("name").GetString() == "default") is { ValueKind: JsonValueKind.Object } found
                ? found.GetProperty("template").GetString()
                : null,
            _ => null,
        };
    }
}
