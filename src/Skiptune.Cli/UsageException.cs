namespace Skiptune.Cli;

/// <summary>An option that is wrong, whatever the files say.</summary>
internal sealed class UsageException(string message) : Exception(message)
{
    /// <summary>Runs something that fails only because of the options.</summary>
    public static T Guard<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (SkiptuneException exception)
        {
            throw new UsageException(exception.Message);
        }
    }
}
