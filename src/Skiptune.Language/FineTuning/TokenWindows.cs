using System.Collections.Immutable;
using Skiptune.Data;
using Skiptune.Numerics;

namespace Skiptune.Language.FineTuning;

/// <summary>Sequences of token ids of one length, each with the token that follows every place.</summary>
public static class TokenWindows
{
    /// <summary>The id that fills a short sequence up; nothing is learnt there.</summary>
    internal const int Filler = -1;

    /// <summary>Windows of a long text: of those that lie side by side, as many as wanted, evenly over the text.</summary>
    /// <param name="tokens">The text's tokens.</param>
    /// <param name="length">Places of a window, at least 1; each needs one token more.</param>
    /// <param name="count">Windows; null, or more than there are, for all.</param>
    /// <param name="vocabulary">The tokens there are.</param>
    /// <exception cref="SkiptuneException">The text is too short for one window.</exception>
    public static DataSet Of(ReadOnlySpan<int> tokens, int length, int? count, int vocabulary)
    {
        int there = (tokens.Length - 1) / length;
        if (there < 1)
            throw new SkiptuneException($"the text has {tokens.Length} tokens, too few for a sequence of {length}; give more text or a smaller --sequence-length");
        int windows = Math.Min(count ?? there, there);
        int[] all = new int[checked(windows * (length + 1))];
        for (int i = 0; i < windows; i++)
        {
            int start = (int)((long)i * there / windows) * length;
            tokens.Slice(start, length + 1).CopyTo(all.AsSpan(i * (length + 1)));
        }
        return OfWindows(all, length, vocabulary);
    }

    /// <summary>Windows as they are.</summary>
    /// <param name="windows">Windows of length + 1 tokens, one after the other.</param>
    /// <param name="length">Places of a window.</param>
    /// <param name="vocabulary">The tokens there are.</param>
    public static DataSet OfWindows(ReadOnlySpan<int> windows, int length, int vocabulary)
    {
        int count = windows.Length / (length + 1);
        Tensor samples = new(new Shape(count, length));
        int[] labels = new int[count * length];
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<int> window = windows.Slice(i * (length + 1), length + 1);
            for (int place = 0; place < length; place++)
            {
                samples.Span[i * length + place] = window[place];
                labels[i * length + place] = window[place + 1];
            }
        }
        return new TensorDataSet(samples, Targets.Sequences(labels, length, vocabulary));
    }

    /// <summary>Separate texts, each filled up to the length or cut after it; nothing is learnt of a prompt.</summary>
    /// <param name="examples">The texts.</param>
    /// <param name="length">Places of a sequence.</param>
    /// <param name="vocabulary">The tokens there are.</param>
    /// <exception cref="SkiptuneException">No example has a token to learn within the length.</exception>
    public static DataSet OfExamples(IReadOnlyList<TokenExample> examples, int length, int vocabulary)
    {
        ArgumentNullException.ThrowIfNull(examples);
        TokenExample[] kept = [.. examples.Where(example => example.Tokens.Length > 1 && example.Learnt(length) > 0)];
        if (kept.Length == 0)
            throw new SkiptuneException($"no example has a token to learn within {length} tokens; use longer sequences (--sequence-length)");
        Tensor samples = new(new Shape(kept.Length, length));
        samples.Span.Fill(Filler);
        int[] labels = new int[kept.Length * length];
        Array.Fill(labels, -1);
        for (int i = 0; i < kept.Length; i++)
        {
            ImmutableArray<int> tokens = kept[i].Tokens;
            for (int place = 0; place < Math.Min(length, tokens.Length - 1); place++)
            {
                samples.Span[i * length + place] = tokens[place];
                if (!kept[i].IsPrompt[place + 1])
                    labels[i * length + place] = tokens[place + 1];
            }
        }
        return new TensorDataSet(samples, Targets.Sequences(labels, length, vocabulary));
    }
}

/// <summary>The tokens of one text.</summary>
/// <param name="Tokens">The ids.</param>
/// <param name="IsPrompt">For each token, whether it is given rather than learnt.</param>
public sealed record TokenExample(ImmutableArray<int> Tokens, ImmutableArray<bool> IsPrompt)
{
    internal int Learnt(int length) => IsPrompt.Skip(1).Take(length).Count(prompt => !prompt);
}
