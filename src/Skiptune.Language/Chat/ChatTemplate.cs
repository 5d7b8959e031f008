using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Skiptune.Language.Chat;

/// <summary>
/// How a model was taught to read a conversation. Model files bring a program in Jinja for it; it is not run, but recognised
/// as one of the well-known ones by the marks it writes, and refused if it is none of them.
/// </summary>
/// <remarks>In the texts below {bos} and {eos} stand for the tokenizer's begin and end of a sequence.</remarks>
public sealed record ChatTemplate
{
    private ChatTemplate()
    {
    }

    // Parts that fill in what is not known here: a date, or thoughts before the answer.
    private static readonly string[] Foreign = ["strftime_now", "Cutting Knowledge Date", "<think>", "<|end|>"];

    private static readonly ImmutableArray<ChatTemplate> Known =
    [
        new()
        {
            Name = "chatml",
            Marks = ["<|im_start|>", "<|im_end|>"],
            NeedsTokens = true,
            System = new("<|im_start|>system\n", "<|im_end|>\n"),
            User = new("<|im_start|>user\n", "<|im_end|>\n"),
            Assistant = new("<|im_start|>assistant\n", "<|im_end|>\n"),
        },
        new()
        {
            Name = "llama-3",
            Marks = ["<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"],
            NeedsTokens = true,
            Start = "{bos}",
            Trims = true,
            System = new("<|start_header_id|>system<|end_header_id|>\n\n", "<|eot_id|>"),
            User = new("<|start_header_id|>user<|end_header_id|>\n\n", "<|eot_id|>"),
            Assistant = new("<|start_header_id|>assistant<|end_header_id|>\n\n", "<|eot_id|>"),
        },
        new()
        {
            Name = "llama-2",
            Marks = ["[INST]", "[/INST]", "<<SYS>>", "<</SYS>>"],
            Trims = true,
            System = new("<<SYS>>\n", "\n<</SYS>>\n\n"),
            SystemInUser = true,
            User = new("{bos}[INST] ", " [/INST]"),
            Assistant = new("", " {eos}") { Lead = " " },
        },
        new()
        {
            Name = "zephyr",
            Marks = ["<|system|>", "<|user|>", "<|assistant|>"],
            System = new("<|system|>\n", "{eos}\n"),
            User = new("<|user|>\n", "{eos}\n"),
            Assistant = new("<|assistant|>\n", "{eos}\n"),
        },
        new()
        {
            Name = "plain",
            Marks = ["\n"],
            Start = "{bos}",
            System = new("", "\n"),
            User = new("", "\n"),
            Assistant = new("", "\n"),
        },
    ];

    /// <summary>The names.</summary>
    public static ImmutableArray<string> Names { get; } = [.. Known.Select(template => template.Name)];

    /// <summary>What people call it.</summary>
    public string Name { get; private init; } = "";

    /// <summary>What tells where a turn begins or ends. Those that are no special tokens of a tokenizer no message may contain.</summary>
    internal ImmutableArray<string> Marks { get; init; } = [];

    /// <summary>True if the marks must be special tokens.</summary>
    internal bool NeedsTokens { get; init; }

    /// <summary>What is before all messages.</summary>
    internal string Start { get; init; } = "";

    internal ChatTurn System { get; init; } = new("", "");

    internal ChatTurn User { get; init; } = new("", "");

    internal ChatTurn Assistant { get; init; } = new("", "");

    /// <summary>True if the system's message is a part of the first of the user.</summary>
    internal bool SystemInUser { get; init; }

    /// <summary>True if blanks around messages are left out.</summary>
    internal bool Trims { get; init; }

    /// <summary>The system's message if there is none, or null.</summary>
    internal string? DefaultSystem { get; init; }

    /// <summary>The template of that name.</summary>
    /// <exception cref="SkiptuneException">There is none.</exception>
    public static ChatTemplate Named(string name) => Known.FirstOrDefault(template => template.Name == name)
        ?? throw new SkiptuneException($"'{name}' is not a chat template; choose one of {string.Join(", ", Names)}");

    /// <summary>The template that a program in Jinja writes.</summary>
    /// <param name="jinja">The program; null for a model that has none.</param>
    /// <exception cref="SkiptuneException">There is none, or it is not one of those known.</exception>
    public static ChatTemplate Recognise(string? jinja)
    {
        string choose = $"choose one of {string.Join(", ", Names)} with --chat-template";
        if (string.IsNullOrWhiteSpace(jinja))
            throw new SkiptuneException($"the model has no chat template; {choose}");
        // The marks of plain are in everything.
        ChatTemplate[] found = [.. Known[..^1].Where(template => template.IsIn(jinja))];
        if (found.Length != 1 || Foreign.Any(part => jinja.Contains(part, StringComparison.Ordinal)))
            throw new SkiptuneException($"the model's chat template is not one of those known; {choose}");
        return found[0] with
        {
            Start = found[0].Start.Length > 0 || found[0].User.Before.StartsWith("{bos}", StringComparison.Ordinal) || !jinja.Contains("bos_token", StringComparison.Ordinal) ? found[0].Start : "{bos}",
            Trims = jinja.Contains("trim", StringComparison.Ordinal) || jinja.Contains(".strip()", StringComparison.Ordinal),
            DefaultSystem = Default(jinja, found[0].System),
        };
    }

    internal ChatTurn Turn(ChatRole role) => role switch
    {
        ChatRole.System => System,
        ChatRole.User => User,
        _ => Assistant,
    };

    private bool IsIn(string jinja) =>
        Marks.All(mark => jinja.Contains(mark, StringComparison.Ordinal) || SpelledByRole(mark, jinja))
        && (!Assistant.After.Contains("{eos}", StringComparison.Ordinal) || jinja.Contains("eos_token", StringComparison.Ordinal));

    // '<|' + message['role'] + '|>' writes the three marks too.
    private static bool SpelledByRole(string mark, string jinja) =>
        mark is "<|system|>" or "<|user|>" && jinja.Contains("'<|' +", StringComparison.Ordinal) && jinja.Contains("+ '|>", StringComparison.Ordinal);

    // A whole turn of the system in one literal.
    private static string? Default(string jinja, ChatTurn system)
    {
        string text = jinja.Replace("\\n", "\n", StringComparison.Ordinal);
        Match match = Regex.Match(
            text, $"{Regex.Escape(system.Before)}([^'\"{{}}<>]+){Regex.Escape(system.After.TrimEnd())}", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
        return match.Success ? match.Groups[1].Value : null;
    }
}

/// <summary>What is around a message.</summary>
/// <param name="Before">What is before it; before an answer, what makes the model answer.</param>
/// <param name="After">What is behind it.</param>
internal sealed record ChatTurn(string Before, string After)
{
    /// <summary>Before an answer, but written by the model itself.</summary>
    public string Lead { get; init; } = "";
}
