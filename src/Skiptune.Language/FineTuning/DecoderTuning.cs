using Skiptune.Data;
using Skiptune.FineTuning;
using Skiptune.Language.Models;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.Language.FineTuning;

/// <summary>Fine-tunes and measures decoders with the engine's trainer.</summary>
public static class DecoderTuning
{
    /// <summary>Prepares a fine-tuning.</summary>
    /// <param name="model">The base, which is not changed.</param>
    /// <param name="length">The tokens of a sequence.</param>
    /// <param name="options">How to fine-tune; the method is one of <see cref="DecoderMethods"/>.</param>
    /// <exception cref="SkiptuneException">An option is out of range or does not fit the model.</exception>
    public static FineTuner CreateFineTuner(this DecoderModel model, int length, FineTuneOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        DecoderMethod method = Method(options.Method);
        return new FineTuner(DecoderGraph.Build(model, length, method.Weights), model.Fingerprint, options);
    }

    /// <summary>Measures a model on sequences.</summary>
    /// <param name="model">The model.</param>
    /// <param name="adapter">What a fine-tuning of it changed; null for the base alone.</param>
    /// <param name="data">The sequences.</param>
    /// <param name="threads">Threads, 0 for one a processor.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <returns>Nats per token, over the tokens that count.</returns>
    /// <exception cref="SkiptuneException">The data or the adapter do not fit the model.</exception>
    public static double Evaluate(this DecoderModel model, Adapter? adapter, DataSet data, int threads = 0, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        Graph graph = model.GraphWith(adapter, data.SampleShape[0]);
        using Workers workers = new(threads);
        return Evaluator.Evaluate(graph, OutputLayer.Find(graph, null), data, new ProgramContext(KernelSet.Current, workers), cancellationToken).Loss;
    }

    /// <summary>The graph of a model with an adapter.</summary>
    internal static Graph GraphWith(this DecoderModel model, Adapter? adapter, int length, KeyValueMemory? memory = null, bool lastOnly = false)
    {
        if (adapter is null)
            return DecoderGraph.Build(model, length, memory: memory, lastOnly: lastOnly);
        DecoderMethod method = Method(adapter.Method);
        return adapter.ApplyTo(DecoderGraph.Build(model, length, method.Weights, memory, lastOnly && method.AllowsLastOnly), model.Fingerprint);
    }

    private static DecoderMethod Method(FineTuneMethod method) => method as DecoderMethod
        ?? throw new SkiptuneException($"{method} is not a method for language models; choose one of {string.Join(", ", DecoderMethods.Names)}");
}
