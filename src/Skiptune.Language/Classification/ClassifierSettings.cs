using Skiptune.FineTuning;

namespace Skiptune.Language.Classification;

/// <summary>What a classifier of texts is: a method by name, and what its output layer reads.</summary>
public sealed record ClassifierSettings
{
    /// <summary>One of <see cref="ClassifierMethods.Names"/>; default ft-last, which on all states did best (docs/language-models.md).</summary>
    public string Name { get; init; } = "ft-last";

    /// <summary>True to train the output layer beside skip adapters; default false.</summary>
    public bool WithFtLast { get; init; }

    /// <summary>How the states of a text's tokens become one; default their mean.</summary>
    public Pooling Pooling { get; init; }

    /// <summary>What the output layer reads; default all states.</summary>
    public HeadStates Head { get; init; } = HeadStates.All;

    /// <summary>Longer texts are cut after so many tokens, at least 1; default null: the model's context.</summary>
    public int? MostTokens { get; init; }

    /// <summary>The method.</summary>
    /// <exception cref="SkiptuneException">There is no such method.</exception>
    public FineTuneMethod Method => ClassifierMethods.Parse(Name, WithFtLast);
}
