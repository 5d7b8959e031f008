using System.Collections.Immutable;
using System.Text;
using Skiptune.Language.FineTuning;
using Skiptune.Language.Tokenizers;

namespace Skiptune.Language.Chat;

/// <summary>
/// Turns conversations into tokens. What a template writes becomes special tokens where the tokenizer has them; what people
/// write never does, whatever it says.
/// </summary>
public sealed class ChatEncoder
{
    private const string Begin = "{bos}";
    private const string End = "{eos}";

    private readonly ChatTemplate _template;
    private readonly Tokenizer _tokenizer;
    private readonly (string Text, int? Token)[] _tokens; // what markup names, the longest first
    private readonly string[] _plainMarks;

    /// <summary>Makes an encoder.</summary>
    /// <param name="template">How conversations are written.</param>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <exception cref="SkiptuneException">The tokenizer lacks a token that the template needs.</exception>
    public ChatEncoder(ChatTemplate template, Tokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(template);
        ArgumentNullException.ThrowIfNull(tokenizer);
        (_template, _tokenizer) = (template, tokenizer);
        SpecialTokens special = tokenizer.Special;
        HashSet<string> names = [.. special.Names.Values];
        _plainMarks = [.. template.Marks.Where(mark => !names.Contains(mark))];
        if (template.NeedsTokens && _plainMarks.Length > 0)
            throw new SkiptuneException($"the chat template {template.Name} needs the special token {_plainMarks[0]}, which the tokenizer lacks; choose another with --chat-template");
        _tokens =
        [
            (Begin, special.BeginOfSequence),
            (End, special.EndOfSequence),
            .. special.Names.Where(name => name.Value.Length > 0).OrderByDescending(name => name.Value.Length).Select(name => (name.Value, (int?)name.Key)),
        ];
        Writer writer = new(this, start: true);
        writer.Markup(template.Assistant.After);
        Stops = [.. writer.Finish().Tokens.Where(tokenizer.IsSpecial)];
        if (Stops.IsEmpty && template.Assistant.After.Contains(End, StringComparison.Ordinal))
            throw new SkiptuneException($"the chat template {template.Name} ends an answer with the tokenizer's end of a sequence, which is not known; choose another with --chat-template");
        StopText = Stops.IsEmpty ? template.Assistant.After : null;
    }

    /// <summary>The tokens that end an answer.</summary>
    public ImmutableHashSet<int> Stops { get; }

    /// <summary>The text that ends an answer if no token does; else null.</summary>
    public string? StopText { get; }

    /// <summary>What to read before the first answer.</summary>
    /// <param name="system">The system's message; null for the template's own, or none.</param>
    /// <param name="message">The first message of the user.</param>
    /// <exception cref="SkiptuneException">A message contains a mark of the template that is plain text.</exception>
    public int[] Open(string? system, string message) => Encode(system is null ? [new(ChatRole.User, message)] : [new(ChatRole.System, system), new(ChatRole.User, message)], answer: true);

    /// <summary>What to read after an answer: its end and the next message.</summary>
    /// <param name="ended">True if the answer wrote its end itself, as text.</param>
    /// <param name="message">The next message of the user.</param>
    /// <exception cref="SkiptuneException">A message contains a mark of the template that is plain text.</exception>
    public int[] Continue(bool ended, string message)
    {
        Writer writer = new(this, start: false);
        if (!ended)
            writer.Markup(_template.Assistant.After.TrimStart(' '));
        writer.Message(new(ChatRole.User, message), system: null);
        writer.Markup(_template.Assistant.Before);
        return [.. writer.Finish().Tokens];
    }

    /// <summary>A conversation to learn from: each answer with the token that ends it is learnt, the rest is given.</summary>
    /// <param name="messages">The messages.</param>
    /// <exception cref="SkiptuneException">A message contains a mark of the template that is plain text.</exception>
    public TokenExample Example(IReadOnlyList<ChatMessage> messages) => Write(messages, answer: false).Finish();

    /// <summary>The tokens of a conversation.</summary>
    /// <param name="messages">The messages.</param>
    /// <param name="answer">True to end with what makes the model answer.</param>
    /// <exception cref="SkiptuneException">A message contains a mark of the template that is plain text.</exception>
    public int[] Encode(IReadOnlyList<ChatMessage> messages, bool answer) => [.. Write(messages, answer).Finish().Tokens];

    private Writer Write(IReadOnlyList<ChatMessage> messages, bool answer)
    {
        Writer writer = new(this, start: true);
        writer.Markup(_template.Start);
        string? system = messages is [{ Role: ChatRole.System }, ..] ? messages[0].Content : _template.DefaultSystem;
        if (system is not null && !_template.SystemInUser)
            writer.Message(new(ChatRole.System, system), null);
        foreach (ChatMessage message in messages.Where(message => message.Role != ChatRole.System))
        {
            bool joined = _template.SystemInUser && message.Role == ChatRole.User;
            writer.Message(message, joined ? system : null);
            system = joined ? null : system;
        }
        if (answer)
            writer.Markup(_template.Assistant.Before);
        return writer;
    }

    private void Check(string content)
    {
        if (_plainMarks.FirstOrDefault(mark => content.Contains(mark, StringComparison.Ordinal)) is { } mark)
            throw new SkiptuneException($"a message contains {ErrorText.Quote(mark)}, which the chat template {_template.Name} writes as plain text between messages: it could be taken for another message");
    }

    // Text between two special tokens is one text, whoever wrote it, as the model learnt it; it is cut only where an
    // answer begins, because there reading ends and writing begins.
    private sealed class Writer(ChatEncoder encoder, bool start)
    {
        private readonly List<int> _tokens = [];
        private readonly List<bool> _given = [];
        private readonly StringBuilder _text = new();
        private bool _learnt;
        private bool _start = start;

        public void Message(ChatMessage message, string? system)
        {
            ChatTurn turn = encoder._template.Turn(message.Role);
            Markup(turn.Before);
            if (system is not null)
            {
                Markup(encoder._template.System.Before);
                Content(system);
                Markup(encoder._template.System.After);
            }
            if (message.Role == ChatRole.Assistant)
            {
                Flush();
                _learnt = true;
                Markup(turn.Lead);
            }
            Content(encoder._template.Trims ? message.Content.Trim() : message.Content);
            Markup(turn.After);
            if (_learnt)
                Flush();
            _learnt = false;
        }

        // The template's own words.
        public void Markup(string markup)
        {
            while (markup.Length > 0)
            {
                (string text, int? token) = encoder._tokens.FirstOrDefault(known => markup.StartsWith(known.Text, StringComparison.Ordinal));
                if (text is null)
                {
                    _text.Append(markup[0]);
                    markup = markup[1..];
                    continue;
                }
                Flush();
                if (token is { } special)
                {
                    Add(special);
                    // What ends an answer is learnt, what follows it is not.
                    _learnt = false;
                    _start = true;
                }
                markup = markup[text.Length..];
            }
        }

        public TokenExample Finish()
        {
            Flush();
            return new TokenExample([.. _tokens], [.. _given]);
        }

        private void Content(string content)
        {
            encoder.Check(content);
            _text.Append(content);
        }

        private void Add(int token)
        {
            _tokens.Add(token);
            _given.Add(!_learnt);
        }

        private void Flush()
        {
            if (_text.Length == 0)
                return;
            List<int> tokens = [];
            encoder._tokenizer.Append(Encoding.UTF8.GetBytes(_text.ToString()), tokens, _start);
            _text.Clear();
            _start = false;
            foreach (int token in tokens)
                Add(token);
        }
    }
}
