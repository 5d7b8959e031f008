using Skiptune.Data;
using Skiptune.FineTuning;
using Skiptune.Language.FineTuning;
using Skiptune.Language.Models;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.Language.Classification;

/// <summary>Runs networks over texts of any lengths.</summary>
internal static class TokenRuns
{
    // Texts of nearly one length run together: places that only fill up are computed too. Fewer than 16 rows would be
    // multiplied in another order, so that a short text alone had other bits than among others.
    private const int Step = 16;

    /// <summary>The tokens of texts, with the token that begins sequences, cut after so many.</summary>
    public static int[][] Encode(DecoderModel model, IReadOnlyList<string> texts, int? mostTokens)
    {
        int most = Math.Min(mostTokens ?? model.Config.Context, model.Config.Context);
        return [.. texts.Select(text => model.Tokenizer.Encode(text, begin: true) is var tokens && tokens.Length > most ? tokens[..most] : tokens)];
    }

    /// <summary>Texts as samples of one length: at least the longest's.</summary>
    public static DataSet Fill(IReadOnlyList<int[]> tokens, Targets targets, int length = 1)
    {
        length = Math.Max(length, tokens.Max(text => text.Length));
        Tensor samples = new(new Shape(tokens.Count, length));
        samples.Span.Fill(TokenWindows.Filler);
        for (int i = 0; i < tokens.Count; i++)
        {
            for (int place = 0; place < tokens[i].Length; place++)
                samples.Span[i * length + place] = tokens[i][place];
        }
        return new TensorDataSet(samples, targets);
    }

    /// <summary>The results of a network for texts, in their order.</summary>
    /// <param name="tokens">At least one text.</param>
    /// <param name="context">The most tokens of a text.</param>
    /// <param name="graphOf">The network for texts of a length; its only output is a vector a text.</param>
    /// <param name="program">What to compute with.</param>
    /// <param name="cancellationToken">Ends it with an exception.</param>
    public static Tensor Run(int[][] tokens, int context, Func<int, Graph> graphOf, ProgramContext program, CancellationToken cancellationToken)
    {
        Tensor? all = null;
        foreach (IGrouping<int, int> texts in Enumerable.Range(0, tokens.Length).GroupBy(text => LengthFor(tokens[text].Length, context)).OrderBy(texts => texts.Key))
        {
            int[] group = [.. texts];
            Graph graph = graphOf(texts.Key);
            Tensor some = Evaluator.Predict(graph, graph.Outputs[0], Fill([.. group.Select(text => tokens[text])], Targets.None(group.Length), texts.Key), program, cancellationToken);
            all ??= new Tensor(new Shape(tokens.Length, some.Shape.RowCount));
            for (int i = 0; i < group.Length; i++)
                some.Rows(i, 1).Span.CopyTo(all.Rows(group[i], 1).Span);
        }
        return all!;
    }

    /// <summary>The pooled states of texts: texts x (L + 1) d.</summary>
    public static Tensor States(DecoderModel model, int[][] tokens, Pooling pooling, ProgramContext program, CancellationToken cancellationToken) =>
        Run(tokens, model.Config.Context, length => ClassifierGraph.OfStates(model, length, pooling), program, cancellationToken);

    private static int LengthFor(int tokens, int context) => Math.Min(context, (Math.Max(1, tokens) + Step - 1) / Step * Step);
}
