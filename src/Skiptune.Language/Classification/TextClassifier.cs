using System.Collections.Immutable;
using Skiptune.Data;
using Skiptune.FineTuning;
using Skiptune.Language.Models;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.Language.Classification;

/// <summary>A decoder with an adapter that tells classes of texts apart. Never changed; used by any number of threads.</summary>
/// <param name="Model">The base.</param>
/// <param name="Adapter">What a fine-tuning of it changed.</param>
/// <param name="Settings">What the classifier is.</param>
/// <param name="ClassNames">The labels in the order of the scores.</param>
public sealed record TextClassifier(DecoderModel Model, Adapter Adapter, ClassifierSettings Settings, ImmutableArray<string> ClassNames)
{
    /// <summary>Reads a classifier's adapter.</summary>
    /// <param name="model">The base.</param>
    /// <param name="directory">The folder.</param>
    /// <exception cref="SkiptuneException">A file is missing or damaged, or the adapter is not a classifier's.</exception>
    public static TextClassifier Load(DecoderModel model, string directory) => ClassifierFiles.Load(model, directory);

    /// <summary>Writes adapter_model.safetensors and adapter_config.json, with the labels; each is written whole or not at all.</summary>
    /// <param name="directory">The folder; made if missing.</param>
    /// <exception cref="SkiptuneException">The folder cannot be written.</exception>
    public void Save(string directory) => ClassifierFiles.Save(this, directory);

    /// <summary>Says of each text which class it is of, and how probable each class is.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="threads">Threads, 0 for one a processor.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <exception cref="SkiptuneException">The adapter does not fit the model, or a score is not finite.</exception>
    public ImmutableArray<ClassifiedText> Predict(IReadOnlyList<string> texts, int threads = 0, CancellationToken cancellationToken = default)
    {
        Tensor scores = Scores(texts, threads, cancellationToken);
        return [.. texts.Select((text, row) => Classified(text, scores.Rows(row, 1).Span))];
    }

    /// <summary>Measures it on labelled texts.</summary>
    /// <param name="texts">Texts whose labels are among <see cref="ClassNames"/>.</param>
    /// <param name="threads">Threads, 0 for one a processor.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <exception cref="SkiptuneException">The adapter does not fit the model, a label is unknown, or a score is not finite.</exception>
    public Evaluation Evaluate(LabelledTexts texts, int threads = 0, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        return Compare(texts.ToTargets(ClassNames).Labels, Scores(texts.Texts, threads, cancellationToken));
    }

    /// <summary>The same of texts whose states are known.</summary>
    internal Evaluation Evaluate(LabelledTexts texts, Tensor states, ProgramContext context, CancellationToken cancellationToken) =>
        Compare(texts.ToTargets(ClassNames).Labels, Scores(states, context, cancellationToken));

    private Evaluation Compare(ReadOnlySpan<int> labels, Tensor scores)
    {
        ConfusionMatrix? confusion = ClassNames.Length <= ConfusionMatrix.MostClasses ? new ConfusionMatrix(ClassNames.Length) : null;
        int right = 0;
        double loss = 0;
        for (int row = 0; row < labels.Length; row++)
        {
            ReadOnlySpan<float> ofText = scores.Rows(row, 1).Span;
            int prediction = Evaluator.ClassOf(ofText);
            right += prediction == labels[row] ? 1 : 0;
            loss += LogSum(ofText) - ofText[labels[row]];
            confusion?.Add(labels[row], prediction);
        }
        return new Evaluation((double)right / labels.Length, loss / labels.Length, labels.Length) { Confusion = confusion };
    }

    // Texts x classes.
    private Tensor Scores(IReadOnlyList<string> texts, int threads, CancellationToken cancellationToken)
    {
        using Workers workers = new(threads);
        ProgramContext context = new(KernelSet.Current, workers);
        ClassifierMethod method = (ClassifierMethod)Adapter.Method;
        int[][] tokens = TokenRuns.Encode(Model, texts, Settings.MostTokens);
        if (!method.ChangesDecoder)
            return Scores(TokenRuns.States(Model, tokens, Settings.Pooling, context, cancellationToken), context, cancellationToken);
        return Checked(TokenRuns.Run(
            tokens,
            Model.Config.Context,
            length => Adapter.ApplyTo(ClassifierGraph.Whole(Model, length, Settings.Pooling, Settings.Head, method.Weights), Model.Fingerprint),
            context,
            cancellationToken));
    }

    private Tensor Scores(Tensor states, ProgramContext context, CancellationToken cancellationToken)
    {
        Graph graph = Adapter.ApplyTo(ClassifierGraph.OverStates(Model, Settings.Head), Model.Fingerprint);
        return Checked(Evaluator.Predict(graph, graph.Outputs[0], new TensorDataSet(states, Targets.None(states.Shape[0])), context, cancellationToken));
    }

    private Tensor Checked(Tensor scores)
    {
        if (scores.Shape[1] != ClassNames.Length)
            throw new SkiptuneException($"the adapter has {scores.Shape[1]} classes, but {ClassNames.Length} names");
        return scores.IsFinite() ? scores : throw new SkiptuneException("a score is not finite; check the model and the adapter");
    }

    private ClassifiedText Classified(string text, ReadOnlySpan<float> scores)
    {
        double sum = LogSum(scores);
        ImmutableArray<double>.Builder probabilities = ImmutableArray.CreateBuilder<double>(scores.Length);
        foreach (float score in scores)
            probabilities.Add(Math.Exp(score - sum));
        return new ClassifiedText(text, ClassNames[Evaluator.ClassOf(scores)], probabilities.MoveToImmutable());
    }

    private static double LogSum(ReadOnlySpan<float> scores)
    {
        double largest = scores[Evaluator.ClassOf(scores)];
        double sum = 0;
        foreach (float score in scores)
            sum += Math.Exp(score - largest);
        return largest + Math.Log(sum);
    }
}

/// <summary>A text and its class.</summary>
/// <param name="Text">The text.</param>
/// <param name="Label">The most probable class.</param>
/// <param name="Probabilities">The probability of each class, 0 .. 1, in the order of <see cref="TextClassifier.ClassNames"/>.</param>
public sealed record ClassifiedText(string Text, string Label, ImmutableArray<double> Probabilities)
{
    /// <summary>The probability of <see cref="Label"/>.</summary>
    public double Probability => Probabilities.Max();
}
