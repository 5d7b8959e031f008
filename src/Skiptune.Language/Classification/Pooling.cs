namespace Skiptune.Language.Classification;

/// <summary>How the states of a text's tokens become one.</summary>
public enum Pooling
{
    /// <summary>Their mean.</summary>
    Mean,

    /// <summary>The last token's, which alone has seen the whole text.</summary>
    Last,
}

/// <summary>What a classifier's output layer reads.</summary>
public enum HeadStates
{
    /// <summary>The pooled final hidden state, behind the last normalisation: d values.</summary>
    Last,

    /// <summary>That, and the pooled residual stream before every block: (L + 1) d values.</summary>
    All,
}
