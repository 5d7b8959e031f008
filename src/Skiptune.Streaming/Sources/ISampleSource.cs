using Skiptune.Streaming.Loop;

namespace Skiptune.Streaming.Sources;

/// <summary>Where samples come from.</summary>
public interface ISampleSource
{
    /// <summary>Hands samples over until there are no more.</summary>
    /// <param name="queue">Takes them; waits while it is full.</param>
    /// <param name="cancellationToken">Ends it with an exception.</param>
    /// <exception cref="SkiptuneException">The source cannot be read.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    Task RunAsync(LearnerQueue queue, CancellationToken cancellationToken);
}
