using Skiptune.Data;
using Skiptune.FineTuning;
using Skiptune.Language.Models;
using Skiptune.Networks;

namespace Skiptune.Language.Classification;

/// <summary>What a classifier of texts is: a method by name, and what its output layer reads.</summary>
public sealed record ClassifierSettings
{
    /// <summary>One of <see cref="ClassifierMethods.Names"/>; default skip2-lora.</summary>
    public string Name { get; init; } = "skip2-lora";

    /// <summary>True to train the output layer beside skip adapters; default false.</summary>
    public bool WithFtLast { get; init; }

    /// <summary>How the states of a text's tokens become one; default their mean.</summary>
    public Pooling Pooling { get; init; }

    /// <summary>What the output layer reads; default the last state.</summary>
    public HeadStates Head { get; init; }

    /// <summary>Longer texts are cut after so many tokens, at least 1; default null: the model's context.</summary>
    public int? MostTokens { get; init; }

    /// <summary>The method.</summary>
    /// <exception cref="SkiptuneException">There is no such method.</exception>
    public FineTuneMethod Method => ClassifierMethods.Parse(Name, WithFtLast);
}

/// <summary>Fine-tunes decoders with a new output layer for classes of texts.</summary>
public static class ClassifierTuning
{
    /// <summary>Prepares a fine-tuning.</summary>
    /// <param name="model">The base, which is not changed.</param>
    /// <param name="samples">What will be learnt, of <see cref="LabelledTexts.ToSamples"/>.</param>
    /// <param name="settings">What the classifier is.</param>
    /// <param name="options">How to fine-tune; method and classes follow from the others.</param>
    /// <exception cref="SkiptuneException">An option is out of range or does not fit the model.</exception>
    public static FineTuner CreateClassifierTuner(this DecoderModel model, DataSet samples, ClassifierSettings settings, FineTuneOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(options);
        ClassifierMethod method = (ClassifierMethod)settings.Method;
        Graph graph = method.ChangesDecoder
            ? ClassifierGraph.Whole(model, samples.SampleShape[0], settings.Pooling, settings.Head, method.Weights)
            : ClassifierGraph.OverStates(model, settings.Head);
        return new FineTuner(graph, model.Fingerprint, options with { Method = method, Classes = samples.ClassCount });
    }
}
