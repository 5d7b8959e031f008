using System.Collections.Immutable;
using System.Text.Json;
using Skiptune.Data;
using Skiptune.Files;
using Skiptune.Language.Chat;
using Skiptune.Language.Tokenizers;

namespace Skiptune.Language.FineTuning;

/// <summary>
/// Text to learn from: a plain file, which is cut into windows; documents with &lt;|endoftext|&gt; between them, each a
/// sequence; or JSON lines, each with "text", or "prompt" and "completion", of which the completion alone is learnt, or
/// "messages" of "role" and "content", of which the answers alone are learnt.
/// </summary>
public sealed class TextData
{
    private const int MaxBytes = 1 << 30;

    private const string Separator = "<|endoftext|>";

    private readonly string? _text;
    private readonly ImmutableArray<TextExample> _examples;

    private TextData(string path, string? text, ImmutableArray<TextExample> examples) =>
        (Path, _text, _examples) = (path, text, examples);

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Reads a file; one that ends in .jsonl is JSON lines.</summary>
    /// <param name="path">The file, in UTF-8.</param>
    /// <exception cref="SkiptuneException">It cannot be read, is empty, or a line of it is not as it should be.</exception>
    public static TextData Open(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        byte[] bytes = BoundedFile.ReadAllBytes(path, MaxBytes);
        string text;
        try
        {
            text = new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (ArgumentException exception)
        {
            throw ErrorText.Of(path, "is not text in UTF-8", exception);
        }
        if (string.IsNullOrWhiteSpace(text))
            throw ErrorText.Of(path, "holds no text");
        if (path.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase))
            return new TextData(path, null, ParseLines(path, text));
        string[] documents = text.Split(Separator, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return documents.Length > 1 ? new TextData(path, null, [.. documents.Select(document => new TextExample(null, document))]) : new TextData(path, text, []);
    }

    /// <summary>Two parts: the last share of the text or of the lines is held back.</summary>
    /// <param name="share">0 up to but not 1.</param>
    public (TextData Train, TextData? Held) Split(double share)
    {
        if (!(share >= 0 && share < 1))
            throw new SkiptuneException($"the share that is held back must be 0 up to but not 1, not {share}");
        if (share == 0)
            return (this, null);
        if (_text is not null)
        {
            int cut = (int)(_text.Length * (1 - share));
            return (new TextData(Path, _text[..cut], []), new TextData(Path, _text[cut..], []));
        }
        int lines = Math.Max(1, (int)(_examples.Length * (1 - share)));
        if (lines == _examples.Length)
            throw ErrorText.Of(Path, $"has {_examples.Length} lines, too few to hold {share} of them back");
        return (new TextData(Path, null, _examples[..lines]), new TextData(Path, null, _examples[lines..]));
    }

    /// <summary>The sequences of the text whole, as far as the model's context goes: for measuring.</summary>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="context">The most tokens of a sequence, at least 1.</param>
    /// <param name="template">How messages are written; null for the model's own template.</param>
    public DataSet WholeSequences(Tokenizer tokenizer, int context, ChatTemplate? template = null)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        int longest = _text is null ? Tokens(tokenizer, template).Max(example => example.Tokens.Length) : tokenizer.Encode(_text).Length;
        return Sequences(tokenizer, Math.Clamp(longest - 1, 1, context), template: template);
    }

    /// <summary>The sequences of the text.</summary>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="length">Tokens of a sequence.</param>
    /// <param name="count">The most sequences; null for all.</param>
    /// <param name="template">How messages are written; null for the model's own template.</param>
    /// <exception cref="SkiptuneException">There is not one sequence, or there are messages and no template for them.</exception>
    public DataSet Sequences(Tokenizer tokenizer, int length, int? count = null, ChatTemplate? template = null)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        List<TokenExample> examples = Tokens(tokenizer, template);
        try
        {
            if (_text is not null)
                return TokenWindows.Of(tokenizer.Encode(_text), length, count, tokenizer.Count);
            DataSet all = TokenWindows.OfExamples(examples, length, tokenizer.Count);
            return count < all.Count ? all.Take(count.Value) : all;
        }
        catch (SkiptuneException exception)
        {
            throw ErrorText.Of(Path, exception.Message, exception);
        }
    }

    private List<TokenExample> Tokens(Tokenizer tokenizer, ChatTemplate? template)
    {
        ChatEncoder? chat = null;
        List<TokenExample> tokens = [];
        foreach (TextExample example in _examples)
        {
            if (example.Messages is not { } messages)
            {
                tokens.Add(Tokens(tokenizer, example));
                continue;
            }
            try
            {
                chat ??= new ChatEncoder(template ?? ChatTemplate.Recognise(tokenizer.Special.ChatTemplate), tokenizer);
                tokens.Add(chat.Example(messages));
            }
            catch (SkiptuneException exception)
            {
                throw ErrorText.Of(Path, $"line {example.Line}: {exception.Message}", exception);
            }
        }
        return tokens;
    }

    private static TokenExample Tokens(Tokenizer tokenizer, TextExample example)
    {
        // Apart: where the prompt ends must be where its last token ends. A document's end may be no end of a text.
        int[] prompt = tokenizer.Encode(example.Prompt ?? string.Empty, begin: true);
        int[] completion = tokenizer.Encode(example.Text);
        int? last = tokenizer.Special.EndOfSequence ?? tokenizer.Special.End.Where(token => token != tokenizer.Special.Begin).Order().Select(token => (int?)token).FirstOrDefault();
        int[] end = example.Prompt is null || last is null ? [] : [last.Value];
        return new TokenExample([.. prompt, .. completion, .. end], [.. prompt.Select(_ => true), .. completion.Select(_ => false), .. end.Select(_ => false)]);
    }

    private static ImmutableArray<TextExample> ParseLines(string path, string text)
    {
        ImmutableArray<TextExample>.Builder examples = ImmutableArray.CreateBuilder<TextExample>();
        int number = 0;
        foreach (string line in text.Split('\n'))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
                continue;
            try
            {
                using JsonDocument document = JsonDocument.Parse(line, new JsonDocumentOptions { MaxDepth = 16 });
                examples.Add(Parse(document.RootElement) with { Line = number });
            }
            catch (Exception exception) when (exception is JsonException or FormatException or InvalidOperationException)
            {
                throw ErrorText.Of(path, $"line {number}: {exception.Message}", exception);
            }
        }
        return examples.ToImmutable();
    }

    private static TextExample Parse(JsonElement line)
    {
        if (line.ValueKind != JsonValueKind.Object)
            throw new FormatException("is no JSON object in braces");
        if (line.TryGetProperty("text", out JsonElement text))
            return new TextExample(null, Text(text, "text"));
        if (line.TryGetProperty("prompt", out JsonElement prompt) && line.TryGetProperty("completion", out JsonElement completion))
            return new TextExample(Text(prompt, "prompt"), Text(completion, "completion"));
        if (line.TryGetProperty("messages", out JsonElement messages))
            return new TextExample(null, "") { Messages = Messages(messages) };
        throw new FormatException("has neither \"text\" nor \"prompt\" and \"completion\" nor \"messages\"");
    }

    private static ImmutableArray<ChatMessage> Messages(JsonElement list)
    {
        if (list.ValueKind != JsonValueKind.Array)
            throw new FormatException("\"messages\" should be a list");
        ImmutableArray<ChatMessage> messages = [.. list.EnumerateArray().Select(Message)];
        if (messages.Skip(1).Any(message => message.Role == ChatRole.System))
            throw new FormatException("a message of the system is not the first");
        return messages.Any(message => message.Role == ChatRole.Assistant) ? messages : throw new FormatException("has no message of the assistant to learn");
    }

    private static ChatMessage Message(JsonElement message)
    {
        if (message.ValueKind != JsonValueKind.Object || !message.TryGetProperty("role", out JsonElement role) || !message.TryGetProperty("content", out JsonElement content))
            throw new FormatException("a message needs \"role\" and \"content\"");
        ChatRole speaker = Text(role, "role") switch
        {
            "system" => ChatRole.System,
            "user" => ChatRole.User,
            "assistant" => ChatRole.Assistant,
            string other => throw new FormatException($"the role {ErrorText.Quote(other)} is not supported; system, user and assistant are"),
        };
        return new ChatMessage(speaker, Text(content, "content"));
    }

    private static string Text(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : throw new FormatException($"\"{name}\" should be a text");
}

/// <summary>One text to learn.</summary>
/// <param name="Prompt">What comes before and is not learnt; null for a document.</param>
/// <param name="Text">What is learnt.</param>
internal sealed record TextExample(string? Prompt, string Text)
{
    /// <summary>A conversation in place of a text; null for a text.</summary>
    public ImmutableArray<ChatMessage>? Messages { get; init; }

    /// <summary>The line of the file.</summary>
    public int Line { get; init; }
}
