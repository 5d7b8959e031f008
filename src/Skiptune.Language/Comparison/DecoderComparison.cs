using System.Collections.Immutable;
using Skiptune.Data;
using Skiptune.FineTuning;
using Skiptune.Language.FineTuning;
using Skiptune.Language.Models;

namespace Skiptune.Language.Comparison;

/// <summary>Methods side by side on one model and one text.</summary>
/// <param name="model">The base.</param>
/// <param name="train">Sequences to learn from.</param>
/// <param name="validation">Sequences to measure on.</param>
/// <param name="retention">Sequences that should not get worse, or null.</param>
public sealed class DecoderComparison(DecoderModel model, DataSet train, DataSet validation, DataSet? retention)
{
    /// <summary>Passes over the sequences; default 10.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>Sequences a step; default 8.</summary>
    public int Batch { get; init; } = 8;

    /// <summary>The seed of initial values and of the order; default 0.</summary>
    public long Seed { get; init; }

    /// <summary>Threads, 0 (the default) for one a processor.</summary>
    public int Threads { get; init; }

    /// <summary>The base alone: nats per token on validation and retention.</summary>
    public (double Validation, double? Retention) Base(CancellationToken cancellationToken = default) => Measure(null, cancellationToken);

    /// <summary>A trigram model of the same tokens, nats per token on validation.</summary>
    public double Trigram() => new Trigrams(train).Evaluate(validation);

    /// <summary>Runs rows, each with every format of cache if it can use one.</summary>
    /// <param name="variants">The rows.</param>
    /// <param name="caches">The formats.</param>
    /// <param name="cancellationToken">Ends it early, without the row it is at.</param>
    public IEnumerable<DecoderComparisonRow> Run(ImmutableArray<DecoderVariant> variants, ImmutableArray<CacheFormat> caches, CancellationToken cancellationToken = default)
    {
        foreach (DecoderVariant variant in variants)
        {
            foreach (CacheFormat cache in variant.CanCache ? caches : [CacheFormat.None])
            {
                FineTuneOptions options = variant.Options(cache, Epochs, Batch, Seed, Threads);
                using FineTuner tuner = model.CreateFineTuner(train.SampleShape[0], options);
                FineTuneResult result = tuner.Fit(train, cancellationToken: cancellationToken);
                cancellationToken.ThrowIfCancellationRequested();
                (double nats, double? kept) = Measure(result.Adapter, cancellationToken);
                yield return new DecoderComparisonRow(variant, cache, result, nats, kept);
            }
        }
    }

    private (double Validation, double? Retention) Measure(Adapter? adapter, CancellationToken cancellationToken) =>
        (model.Evaluate(adapter, validation, Threads, cancellationToken), retention is null ? null : model.Evaluate(adapter, retention, Threads, cancellationToken));
}
