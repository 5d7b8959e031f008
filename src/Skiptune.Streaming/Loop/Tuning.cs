using Skiptune.Data;
using Skiptune.FineTuning;
using Skiptune.Numerics;
using Skiptune.Streaming.Store;

namespace Skiptune.Streaming.Loop;

/// <summary>A finished fine-tuning.</summary>
internal sealed record Tuned(AdapterContent Content, int Samples, double Seconds);

/// <summary>A finished validation, with the version ready to answer.</summary>
internal sealed record Validated(ModelVersion Version, ValidationReport Report);

/// <summary>The two pieces of work that run beside the stream. Both are functions of the store and the options alone.</summary>
internal sealed class Tuning(Model model, string store, LearnerOptions options)
{
    private const int WarmUpSamples = 100;

    private readonly int _classes = model.GetOutputLayer().Classes;

    /// <summary>Fine-tunes on what was collected.</summary>
    /// <param name="from">The first sample collected.</param>
    /// <param name="to">The last one.</param>
    /// <param name="round">Which fine-tuning of this store it is, from 1: its seed.</param>
    /// <param name="cancellationToken">Ends it with an exception.</param>
    public Tuned Tune(long from, long to, long round, CancellationToken cancellationToken)
    {
        DataSet train = Read(from, to).Train;
        if (options.Rehearsal is { } rehearsal)
            train = CollectedSamples.Concatenate(train, rehearsal);
        using FineTuner tuner = model.CreateFineTuner(options.FineTuning with { Seed = options.FineTuning.Seed + round });
        FineTuneResult result = tuner.Fit(train, cancellationToken: cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        return new Tuned(result.Adapter.ToContent(), train.Count, result.Seconds);
    }

    /// <summary>Compares a tuned version with the active one.</summary>
    public Validated Validate(StoredVersion candidate, ModelVersion active, long from, long to, CancellationToken cancellationToken)
    {
        ModelVersion tuned = ModelVersion.Load(model, candidate, store);
        return new Validated(tuned, ValidationReport.Of(active.Model, tuned.Model, Read(from, to).HeldOut, options.Retention, cancellationToken));
    }

    /// <summary>
    /// Has everything compiled that a fine-tuning and a validation run, on noise and for nothing: a process that has just been started takes many
    /// times as long for its first, and takes it from the answers.
    /// </summary>
    public object WarmUp(CancellationToken cancellationToken)
    {
        SeededRandom random = new(0);
        Tensor noise = new(model.Graph.Inputs[0].SampleShape.Prepend(WarmUpSamples));
        random.FillUniform(noise.Span, 1);
        TensorDataSet data = new(noise, [.. Enumerable.Range(0, WarmUpSamples).Select(i => i % _classes)], _classes);
        using FineTuner tuner = model.CreateFineTuner(options.FineTuning with { Epochs = 2 });
        AdapterContent content = tuner.Fit(data, cancellationToken: cancellationToken).Adapter.ToContent();
        Model tuned = model.WithAdapter(Adapter.FromContent(content, store));
        return ValidationReport.Of(model, tuned, data, null, cancellationToken);
    }

    private CollectedSamples Read(long from, long to) =>
        CollectedSamples.Read(store, from, to, model.Graph.Inputs[0].SampleShape, _classes, options.Collection.HeldOut);
}
