using System.Collections.Concurrent;
using Skiptune.FineTuning;
using Skiptune.Streaming.Store;

namespace Skiptune.Streaming.Loop;

/// <summary>A version that can answer, on any number of threads at once.</summary>
internal sealed class ModelVersion
{
    private readonly ConcurrentBag<Predictor> _predictors = [];

    public ModelVersion(long number, Model model)
    {
        Number = number;
        Model = model;
        // The first answer should not wait for a program to be compiled.
        _predictors.Add(model.CreatePredictor());
    }

    public long Number { get; }

    public Model Model { get; }

    /// <summary>The version of a store.</summary>
    /// <exception cref="SkiptuneException">Its adapter is damaged or belongs to another base.</exception>
    public static ModelVersion Load(Model model, StoredVersion stored, string store) => stored.Config is null
        ? new ModelVersion(stored.Number, model)
        : new ModelVersion(stored.Number, model.WithAdapter(Adapter.FromContent(new AdapterContent(stored.Config, stored.Tensors!), $"{store} version {stored.Number}")));

    /// <exception cref="SkiptuneException">The model's answer is not finite.</exception>
    public Answer Answer(ReadOnlySpan<float> x)
    {
        if (!_predictors.TryTake(out Predictor? predictor))
            predictor = Model.CreatePredictor();
        try
        {
            (int label, float probability) = predictor.Classify(x);
            return new Answer(label, probability, Number);
        }
        finally
        {
            _predictors.Add(predictor);
        }
    }
}
