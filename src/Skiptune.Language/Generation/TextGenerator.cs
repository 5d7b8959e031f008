using System.Collections.Immutable;
using Skiptune.FineTuning;
using Skiptune.Language.FineTuning;
using Skiptune.Language.Models;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.Language.Generation;

/// <summary>
/// Continues texts with a model, and perhaps an adapter. Keys and values of what it has read are kept, so each new token
/// costs one pass for itself. Used by one caller at a time.
/// </summary>
public sealed class TextGenerator : IDisposable
{
    // The tokens of a prompt that are read at once.
    private const int MostAtOnce = 128;

    private static readonly Dictionary<string, Tensor> None = [];

    private readonly DecoderModel _model;
    private readonly Adapter? _adapter;
    private readonly KeyValueMemory _memory;
    private readonly Workers _workers;
    private readonly Dictionary<int, GraphProgram> _programs = [];

    /// <summary>Makes a generator with an empty memory.</summary>
    /// <param name="model">The model.</param>
    /// <param name="adapter">What a fine-tuning of it changed; null for the base alone.</param>
    /// <param name="capacity">The most tokens of prompt and answer; null for the model's context.</param>
    /// <param name="threads">Threads, 0 for one a processor. The text does not depend on it.</param>
    /// <exception cref="SkiptuneException">The capacity is not within the model's context, or the adapter does not fit.</exception>
    public TextGenerator(DecoderModel model, Adapter? adapter = null, int? capacity = null, int threads = 0)
    {
        ArgumentNullException.ThrowIfNull(model);
        (_model, _adapter) = (model, adapter);
        int tokens = capacity ?? model.Config.Context;
        if (tokens < 1 || tokens > model.Config.Context)
            throw new SkiptuneException($"a text of {tokens} tokens is not possible: the model's context is {model.Config.Context}");
        _memory = new KeyValueMemory(model.Config, tokens);
        _workers = new Workers(threads);
    }

    /// <summary>The tokens read and made so far.</summary>
    public int Count => _memory.Count;

    /// <summary>The most tokens of all that is read and made.</summary>
    public int Capacity => _memory.Capacity;

    /// <summary>The bytes of the keys and values.</summary>
    public long MemoryBytes => _memory.Bytes;

    /// <summary>Reads tokens and gives the logits of what follows them.</summary>
    /// <param name="tokens">At least one token.</param>
    /// <exception cref="SkiptuneException">There is no room for them, or one is not the model's.</exception>
    public ReadOnlySpan<float> Read(ReadOnlySpan<int> tokens)
    {
        ArgumentOutOfRangeException.ThrowIfZero(tokens.Length);
        if (tokens.Length > _memory.Capacity - _memory.Count)
            throw new SkiptuneException($"{tokens.Length} tokens do not fit: {_memory.Count} of {_memory.Capacity} are in use; give a shorter prompt");
        ReadOnlySpan<float> logits = default;
        while (!tokens.IsEmpty)
        {
            int count = Math.Min(tokens.Length, MostAtOnce);
            GraphProgram program = ProgramFor(count);
            Span<float> input = program.Value(DecoderNames.Tokens).Span;
            for (int i = 0; i < count; i++)
                input[i] = tokens[i] >= 0 ? tokens[i] : throw new SkiptuneException($"there is no token {tokens[i]}");
            program.Forward();
            _memory.Count += count;
            logits = program.Value(DecoderNames.Output).Span[^_model.Config.Vocabulary..];
            tokens = tokens[count..];
        }
        return logits;
    }

    /// <summary>Forgets everything read.</summary>
    public void Clear() => _memory.Count = 0;

    /// <summary>Reads a prompt and makes tokens one by one, until one ends the text, the room is used or there are enough.</summary>
    /// <param name="prompt">At least one token.</param>
    /// <param name="options">How to choose.</param>
    /// <param name="cancellationToken">Ends it between two tokens.</param>
    /// <returns>The tokens, each as soon as it is chosen; what ends the text is not among them.</returns>
    public IEnumerable<int> Generate(int[] prompt, SamplingOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        return prompt.Length == 0 ? throw new SkiptuneException("the prompt is empty and the model has no token to begin with; give some text") : Run();

        IEnumerable<int> Run()
        {
            Sampler sampler = new(options);
            ImmutableHashSet<int> ends = _model.Tokenizer.Special.End.Union(options.Stops);
            int token = sampler.Choose(Read(prompt));
            for (int made = 0; made < options.MaxTokens && !ends.Contains(token); made++)
            {
                yield return token;
                if (cancellationToken.IsCancellationRequested || _memory.Count == _memory.Capacity || made + 1 == options.MaxTokens)
                    yield break;
                token = sampler.Choose(Read([token]));
            }
        }
    }

    /// <summary>Reads a text and makes more, piece by piece; the pieces are whole characters.</summary>
    /// <param name="prompt">The text; may be empty if the model has a token to begin with.</param>
    /// <param name="options">How to choose.</param>
    /// <param name="cancellationToken">Ends it between two tokens.</param>
    public IEnumerable<string> Generate(string prompt, SamplingOptions options, CancellationToken cancellationToken = default)
    {
        int[] tokens = _model.Tokenizer.Encode(prompt, begin: true);
        TokenText text = new(_model.Tokenizer, start: prompt.Length == 0);
        foreach (int token in Generate(tokens, options, cancellationToken))
        {
            if (text.Add(token) is { Length: > 0 } piece)
                yield return piece;
        }
    }

    /// <summary>Ends the threads.</summary>
    public void Dispose() => _workers.Dispose();

    private GraphProgram ProgramFor(int count)
    {
        if (!_programs.TryGetValue(count, out GraphProgram? program))
        {
            Graph graph = InferencePasses.Apply(_model.GraphWith(_adapter, count, _memory, lastOnly: true));
            _programs[count] = program = GraphProgram.Compile(graph, 1, None, None, new ProgramContext(KernelSet.Current, _workers));
        }
        return program;
    }
}
