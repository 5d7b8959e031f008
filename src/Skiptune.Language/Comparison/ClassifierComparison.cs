using System.Collections.Immutable;
using System.Diagnostics;
using Skiptune.Data;
using Skiptune.FineTuning;
using Skiptune.Language.Classification;
using Skiptune.Language.Models;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.Language.Comparison;

/// <summary>Methods side by side on one model and labelled texts.</summary>
/// <param name="model">The base.</param>
/// <param name="train">Texts to learn from.</param>
public sealed class ClassifierComparison(DecoderModel model, LabelledTexts train)
{
    /// <summary>Seeds of initial values and of the order; default 5, from 0 on.</summary>
    public int Seeds { get; init; } = 5;

    /// <summary>Longer texts are cut after so many tokens; default null: the model's context.</summary>
    public int? MostTokens { get; init; }

    /// <summary>Threads, 0 (the default) for one a processor.</summary>
    public int Threads { get; init; }

    /// <summary>The share of the texts that <see cref="Choose"/> holds back.</summary>
    public const double HeldShare = 0.2;

    /// <summary>Runs rows, each with every format of cache if it can use one.</summary>
    /// <param name="variants">The rows.</param>
    /// <param name="caches">The formats.</param>
    /// <param name="test">Labelled texts to measure on.</param>
    /// <param name="cancellationToken">Ends it early, without the row it is at.</param>
    public IEnumerable<ClassifierComparisonRow> Run(
        ImmutableArray<ClassifierVariant> variants, ImmutableArray<CacheFormat> caches, LabelledTexts test, CancellationToken cancellationToken = default) =>
        Run(variants, caches, test, hold: false, cancellationToken);

    /// <summary>Measures rows with every learning rate and number of epochs, on a fifth of the texts that is held back for it.</summary>
    /// <param name="variants">The rows.</param>
    /// <param name="caches">The formats of cache.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public IEnumerable<ClassifierComparisonRow> Choose(ImmutableArray<ClassifierVariant> variants, ImmutableArray<CacheFormat> caches, CancellationToken cancellationToken = default)
    {
        (LabelledTexts rest, LabelledTexts? held) = train.Split(HeldShare);
        ClassifierComparison inner = new(model, rest) { Seeds = Seeds, MostTokens = MostTokens, Threads = Threads };
        IEnumerable<ClassifierVariant> all =
            from variant in variants
            from epochs in variant.EpochCounts
            from rate in variant.Rates
            select variant with { Epochs = epochs, LearningRate = rate };
        return inner.Run(all, caches, held ?? throw new SkiptuneException("there are too few texts to hold a part of them back"), hold: true, cancellationToken);
    }

    // Held states make no honest times, but spare those who choose the decoder's passes.
    private IEnumerable<ClassifierComparisonRow> Run(
        IEnumerable<ClassifierVariant> variants, ImmutableArray<CacheFormat> caches, LabelledTexts test, bool hold, CancellationToken cancellationToken)
    {
        using Workers workers = new(Threads);
        ProgramContext context = new(KernelSet.Current, workers);
        ClassifierSettings common = new() { MostTokens = MostTokens };
        Bench bench = new(test, new Lazy<Tensor>(() => TokenRuns.States(model, TokenRuns.Encode(model, test.Texts, MostTokens), common.Pooling, context, cancellationToken)), context);
        Lazy<DataSet> held = new(() => ((PooledTexts)ClassifierTuner.SamplesOf(model, train, common, Threads)).Held(cancellationToken));
        foreach (ClassifierVariant variant in variants)
        {
            foreach (CacheFormat cache in variant.CanCache ? caches : [CacheFormat.None])
            {
                List<ClassifierRun> runs = [];
                for (int seed = 0; seed < Seeds; seed++)
                {
                    runs.Add(variant.Settings is { } settings
                        ? Run(variant, cache, seed, hold && variant.CanCache ? held.Value : ClassifierTuner.SamplesOf(model, train, settings with { MostTokens = MostTokens }, Threads), bench, cancellationToken)
                        : RunNgrams(variant, seed, test));
                }
                yield return new ClassifierComparisonRow(variant, cache, [.. runs]);
            }
        }
    }

    private ClassifierRun Run(ClassifierVariant variant, CacheFormat cache, long seed, DataSet samples, Bench bench, CancellationToken cancellationToken)
    {
        ClassifierSettings settings = variant.Settings! with { MostTokens = MostTokens };
        using ClassifierTuner tuner = new(model, samples, settings, variant.Options(cache, seed, Threads));
        (TextClassifier classifier, FineTuneResult result) = tuner.Fit(cancellationToken: cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        Evaluation evaluation = variant.CanCache
            ? classifier.Evaluate(bench.Texts, bench.States.Value, bench.Context, cancellationToken)
            : classifier.Evaluate(bench.Texts, Threads, cancellationToken);
        return new ClassifierRun(evaluation.Accuracy, result.Seconds, result.FillSeconds, result.CacheBytes, result.TrainableParameters);
    }

    private ClassifierRun RunNgrams(ClassifierVariant variant, long seed, LabelledTexts test)
    {
        Stopwatch clock = Stopwatch.StartNew();
        HashedNgrams grams = new(train, variant.LearningRate, variant.Epochs, seed);
        double seconds = clock.Elapsed.TotalSeconds;
        return new ClassifierRun(grams.Accuracy(test), seconds, 0, 0, grams.Parameters);
    }

    // What all runs are measured on; the states of texts do not depend on the run.
    private sealed record Bench(LabelledTexts Texts, Lazy<Tensor> States, ProgramContext Context);
}

/// <summary>What came of a row.</summary>
/// <param name="Variant">The row.</param>
/// <param name="Cache">The cache's format.</param>
/// <param name="Runs">One for each seed.</param>
public sealed record ClassifierComparisonRow(ClassifierVariant Variant, CacheFormat Cache, ImmutableArray<ClassifierRun> Runs)
{
    /// <summary>The mean accuracy over the seeds.</summary>
    public double Accuracy => Runs.Average(run => run.Accuracy);

    /// <summary>The standard deviation of the accuracy (n - 1); 0 for one seed.</summary>
    public double Deviation => Runs.Length < 2 ? 0 : Math.Sqrt(Runs.Sum(run => Math.Pow(run.Accuracy - Accuracy, 2)) / (Runs.Length - 1));
}

/// <summary>One seed of a row.</summary>
/// <param name="Accuracy">The share of test texts whose class was found, 0 .. 1.</param>
/// <param name="Seconds">Of the training, with the filling of the cache.</param>
/// <param name="FillSeconds">Of the filling.</param>
/// <param name="CacheBytes">Of the cache.</param>
/// <param name="Parameters">The values trained.</param>
public sealed record ClassifierRun(double Accuracy, double Seconds, double FillSeconds, long CacheBytes, long Parameters);
