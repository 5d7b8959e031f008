using System.Collections.Immutable;
using System.Diagnostics;
using Skiptune.Data;
using Skiptune.FineTuning;
using Skiptune.Language.Models;

namespace Skiptune.Language.Classification;

/// <summary>Fine-tunes a decoder for classes of texts, with the engine's trainer.</summary>
/// <remarks>
/// Where the decoder stays as it is, what is trained reads the pooled states of each text, which the decoder computes once for
/// the forward cache; else a gradient passes through all of it.
/// </remarks>
public sealed class ClassifierTuner : IDisposable
{
    private readonly DecoderModel _model;
    private readonly ClassifierSettings _settings;
    private readonly DataSet _samples;
    private readonly FineTuner _tuner;

    /// <summary>Prepares a fine-tuning.</summary>
    /// <param name="model">The base, which is not changed.</param>
    /// <param name="train">Labelled texts to learn from.</param>
    /// <param name="settings">What the classifier is.</param>
    /// <param name="options">How to fine-tune; method and classes follow from the others, and the new head starts from zeros.</param>
    /// <exception cref="SkiptuneException">
    /// An option is out of range or does not fit the model, or the texts have no labels or only one.
    /// </exception>
    public ClassifierTuner(DecoderModel model, LabelledTexts train, ClassifierSettings settings, FineTuneOptions options)
        : this(model, SamplesOf(model, train, settings, options.Threads), settings, options)
    {
    }

    internal ClassifierTuner(DecoderModel model, DataSet samples, ClassifierSettings settings, FineTuneOptions options)
    {
        (_model, _settings, _samples) = (model, settings, samples);
        ClassifierMethod method = (ClassifierMethod)settings.Method;
        _tuner = new FineTuner(
            method.ChangesDecoder
                ? ClassifierGraph.Whole(model, samples.SampleShape[0], settings.Pooling, settings.Head, method.Weights)
                : ClassifierGraph.OverStates(model, settings.Head),
            model.Fingerprint,
            options with { Method = method, Classes = samples.ClassCount, HeadStart = HeadStart.Zero });
    }

    /// <summary>What a run will do and need; without the decoder's passes for the cache.</summary>
    public FineTunePlan Plan => _tuner.Plan;

    /// <summary>The labels in the order of the scores.</summary>
    public ImmutableArray<string> ClassNames => _samples.Targets.ClassNames;

    /// <summary>Fine-tunes.</summary>
    /// <param name="progress">Told after each epoch, on the calling thread.</param>
    /// <param name="cancellationToken">Ends the run early; the result is then that of the last whole epoch.</param>
    /// <returns>The classifier, and how the run went: its adapter is the classifier's.</returns>
    /// <exception cref="SkiptuneException">The loss stopped being a number, or the cache cannot be kept.</exception>
    public (TextClassifier Classifier, FineTuneResult Result) Fit(IProgress<FineTuneProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        Stopwatch clock = Stopwatch.StartNew();
        StateScale? scale = (_samples as PooledTexts)?.Measure(cancellationToken);
        double measured = clock.Elapsed.TotalSeconds;
        FineTuneResult result = _tuner.Fit(scale is null ? _samples : ((PooledTexts)_samples).Scaled(scale), progress: progress, cancellationToken: cancellationToken);
        result = result with
        {
            Adapter = scale?.Undo(result.Adapter, _settings.Head, _model.Config.Width) ?? result.Adapter,
            Seconds = result.Seconds + measured,
            FillSeconds = result.FillSeconds + measured,
        };
        return (new TextClassifier(_model, result.Adapter, _settings, ClassNames), result);
    }

    /// <summary>Ends the threads.</summary>
    public void Dispose() => _tuner.Dispose();

    /// <summary>Texts as samples: their pooled states, or token ids where the decoder changes.</summary>
    internal static DataSet SamplesOf(DecoderModel model, LabelledTexts texts, ClassifierSettings settings, int threads)
    {
        int[][] tokens = TokenRuns.Encode(model, texts.Texts, settings.MostTokens);
        Targets targets = texts.ToTargets(default);
        return ((ClassifierMethod)settings.Method).ChangesDecoder ? TokenRuns.Fill(tokens, targets) : PooledTexts.Of(model, tokens, targets, settings.Pooling, threads);
    }
}
