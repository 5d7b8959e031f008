using Skiptune.Language.Generation;
using Skiptune.Language.Models;

namespace Skiptune.Language.Chat;

/// <summary>A conversation with a model. What was said stays in the generator's memory, so each message is read once. Used by one caller at a time.</summary>
public sealed class ChatSession
{
    private readonly DecoderModel _model;
    private readonly ChatEncoder _encoder;
    private readonly TextGenerator _generator;
    private readonly string? _system;

    // Tokens of the last answer that were made and not read.
    private int[] _unread = [];
    private bool _endedByText;
    private int _turns;

    /// <summary>Begins a conversation.</summary>
    /// <param name="model">The model.</param>
    /// <param name="template">How it reads conversations.</param>
    /// <param name="generator">A generator of the model with an empty memory, used by this conversation alone.</param>
    /// <param name="system">What the model should heed; null for the template's own, or nothing.</param>
    /// <exception cref="SkiptuneException">The tokenizer lacks a token that the template needs, or the system's message contains a mark of the template.</exception>
    public ChatSession(DecoderModel model, ChatTemplate template, TextGenerator generator, string? system = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(generator);
        (_model, _generator, _system) = (model, generator, system);
        _encoder = new ChatEncoder(template, model.Tokenizer);
        _encoder.Open(system, "");
    }

    /// <summary>True if no answer can follow: the generator's memory is full. <see cref="Reset"/> starts anew.</summary>
    public bool IsFull => _generator.Count + _unread.Length >= _generator.Capacity;

    /// <summary>Forgets everything said.</summary>
    public void Reset()
    {
        _generator.Clear();
        (_unread, _endedByText, _turns) = ([], false, 0);
    }

    /// <summary>Reads a message and answers it, piece by piece; the answer ends where the model ends its turn.</summary>
    /// <param name="message">What the user says.</param>
    /// <param name="options">How to choose; each turn has a seed of its own.</param>
    /// <param name="cancellationToken">Ends the answer; the conversation goes on with what there is of it.</param>
    /// <exception cref="SkiptuneException">There is no room for the message and an answer, or it contains a mark of the template.</exception>
    public IEnumerable<string> Reply(string message, SamplingOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        int[] prompt = [.. _unread, .. _turns == 0 ? _encoder.Open(_system, message) : _encoder.Continue(_endedByText, message)];
        if (prompt.Length >= _generator.Capacity - _generator.Count)
            throw new SkiptuneException($"the context of {_generator.Capacity} tokens is full: {_generator.Count} are in use and the message needs {prompt.Length} more; start anew with /reset");
        return Run();

        IEnumerable<string> Run()
        {
            List<int> made = [];
            int before = _generator.Count + prompt.Length;
            TokenText text = new(_model.Tokenizer, start: false);
            bool shown = false;
            _endedByText = false;
            SamplingOptions turn = options with { Seed = options.Seed + _turns++, Stops = options.Stops.Union(_encoder.Stops) };
            try
            {
                foreach (int token in _generator.Generate(prompt, turn, cancellationToken))
                {
                    made.Add(token);
                    string piece = text.Add(token);
                    int end = _encoder.StopText is { } stop ? piece.IndexOf(stop, StringComparison.Ordinal) : -1;
                    _endedByText = end >= 0;
                    if (_endedByText)
                        piece = piece[..end];
                    if (!shown)
                        piece = piece.TrimStart();
                    shown |= piece.Length > 0;
                    if (piece.Length > 0)
                        yield return piece;
                    if (_endedByText)
                        break;
                }
            }
            finally
            {
                _unread = [.. made.Skip(_generator.Count - before)];
            }
        }
    }
}
