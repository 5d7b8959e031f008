namespace Skiptune;

/// <summary>
/// An error a person can act on: bad input, a wrong option, a file that does not fit. The message is one
/// line that says which file or node is meant, what is wrong and what to do about it.
/// </summary>
public sealed class SkiptuneException : Exception
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">One line for the person who sees it.</param>
    public SkiptuneException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the error with its cause.</summary>
    /// <param name="message">One line for the person who sees it.</param>
    /// <param name="innerException">The cause.</param>
    public SkiptuneException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
