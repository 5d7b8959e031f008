using System.Collections.Immutable;
using Skiptune.Cli.Output;
using Skiptune.Streaming.Loop;
using Skiptune.Streaming.Sources;

namespace Skiptune.Cli.Commands;

/// <summary>A watch from its start to its end: the input's end, Ctrl-C or SIGTERM, or an error.</summary>
internal sealed class Watch
{
    public required Model Model { get; init; }

    public required string Store { get; init; }

    public required LearnerOptions Options { get; init; }

    public required ImmutableArray<string> ClassNames { get; init; }

    /// <summary>Makes the sources, given what makes parsers and what is told of addresses.</summary>
    public required Func<Func<SampleParser>, Action<string>, List<ISampleSource>> Sources { get; init; }

    public required bool IsLive { get; init; }

    public required bool Adapts { get; init; }

    public int Run(CancellationToken cancellationToken)
    {
        int classes = Model.GetOutputLayer().Classes;
        if (!ClassNames.IsEmpty && ClassNames.Length != classes)
            throw new UsageException($"--class-names has {ClassNames.Length} names, the model tells {classes} classes apart");
        int values = Model.Graph.Inputs[0].SampleShape.Count;
        using WatchOutput output = IsLive ? new LiveView(Store, ClassNames) : new WatchLines(ClassNames);
        List<ISampleSource> sources = Sources(() => new SampleParser(values, ClassNames), output.Listening);
        using OnDeviceLearner learner = OnDeviceLearner.Open(Model, Store, Options, output.Happened);
        if (Adapts && learner.Status.Phase is LearnerPhase.Monitoring or LearnerPhase.CoolDown)
            learner.Adapt("asked for at the start");
        RunAsync(learner, sources, output, cancellationToken).GetAwaiter().GetResult();
        if (!cancellationToken.IsCancellationRequested)
            Finish(learner, cancellationToken);
        output.End(learner.Status);
        return ExitCode.Ok;
    }

    private static async Task RunAsync(OnDeviceLearner learner, List<ISampleSource> sources, WatchOutput output, CancellationToken cancellationToken)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        LearnerQueue queue = new(learner) { Processed = output.Processed };
        output.Start(() => learner.Status, queue.Delays);
        List<Task> running = [.. sources.Select(source => source.RunAsync(queue, stop.Token))];
        try
        {
            // One that fails ends all; one that is through leaves the others.
            while (running.Count > 0)
            {
                Task first = await Task.WhenAny(running.Append(queue.Ended));
                running.Remove(first);
                await first;
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The usual end of a watch that has no other.
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            foreach (IAsyncDisposable source in sources.OfType<IAsyncDisposable>())
                await source.DisposeAsync();
            await queue.DisposeAsync();
        }
        // What was still in line may have failed.
        await queue.Ended;
    }

    // The input has ended, the fine-tuning it has led to should not be for nothing.
    private static void Finish(OnDeviceLearner learner, CancellationToken cancellationToken)
    {
        try
        {
            learner.WaitForBackground(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // It is begun again when the store is opened.
        }
    }
}
