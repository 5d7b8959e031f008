using System.Diagnostics;
using System.Threading.Channels;

namespace Skiptune.Streaming.Loop;

/// <summary>
/// Lets any number of sources hand samples to one learner. A thread of its own takes what has gathered in one transaction,
/// so that many samples share one wait for the disk, and takes over what the background finishes while the stream pauses.
/// </summary>
public sealed class LearnerQueue : IAsyncDisposable
{
    private const int MostAtOnce = 256;
    private static readonly TimeSpan s_idle = TimeSpan.FromSeconds(1);

    private readonly OnDeviceLearner _learner;
    private readonly Channel<Entry> _entries;
    private readonly Thread _thread;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile Exception? _failure;

    /// <summary>Starts the thread.</summary>
    /// <param name="learner">The learner; the caller closes it after the queue.</param>
    /// <param name="capacity">Samples that may wait; a source that is faster waits for room. At least 1; default 1024.</param>
    public LearnerQueue(OnDeviceLearner learner, int capacity = 1024)
    {
        ArgumentNullException.ThrowIfNull(learner);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        _learner = learner;
        _entries = Channel.CreateBounded<Entry>(new BoundedChannelOptions(capacity) { SingleReader = true });
        _thread = new Thread(Run) { IsBackground = true, Name = "skiptune learner" };
        // A full queue is being read anyway, and the learner looks at the background before every sample.
        learner.BackgroundEnded = () => _entries.Writer.TryWrite(default);
        _thread.Start();
    }

    /// <summary>Told of each transaction's samples and results, in order, on the queue's thread, when they are on the disk.</summary>
    public Action<IReadOnlyList<StreamSample>, IReadOnlyList<SampleResult>>? Processed { get; set; }

    /// <summary>How long samples took from being handed over to being on the disk.</summary>
    public DelayHistogram Delays { get; } = new();

    /// <summary>Ends when the queue has ended; fails if the learner did.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Hands over a sample.</summary>
    /// <param name="sample">The sample.</param>
    /// <param name="cancellationToken">Ends the wait for room; a sample that has room is taken.</param>
    /// <returns>A task that ends once the sample is on the disk and may be acknowledged.</returns>
    /// <exception cref="SkiptuneException">The learner has failed.</exception>
    /// <exception cref="ObjectDisposedException">The queue is closed.</exception>
    public async Task<SampleResult> SubmitAsync(StreamSample sample, CancellationToken cancellationToken = default) =>
        await (await EnqueueAsync(sample, cancellationToken)).ConfigureAwait(false);

    /// <summary>Puts a sample in line.</summary>
    /// <param name="sample">The sample.</param>
    /// <param name="cancellationToken">Ends the wait for room.</param>
    /// <returns>Once it is in line, the task of <see cref="SubmitAsync"/>: what is put in line in order is taken in order.</returns>
    /// <exception cref="ObjectDisposedException">The queue is closed.</exception>
    public async ValueTask<Task<SampleResult>> EnqueueAsync(StreamSample sample, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sample);
        TaskCompletionSource<SampleResult> result = new(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            await _entries.Writer.WriteAsync(new Entry(sample, null, result, Stopwatch.GetTimestamp()), cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            throw (Exception?)(_failure as SkiptuneException) ?? new ObjectDisposedException(nameof(LearnerQueue));
        }
        return result.Task;
    }

    /// <summary>Does something with the learner between two samples.</summary>
    /// <param name="work">The work.</param>
    /// <param name="cancellationToken">Ends the wait for room.</param>
    /// <exception cref="ObjectDisposedException">The queue is closed.</exception>
    public async Task InvokeAsync(Action<OnDeviceLearner> work, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(work);
        TaskCompletionSource<SampleResult> result = new(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            await _entries.Writer.WriteAsync(new Entry(null, work, result, 0), cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            throw (Exception?)(_failure as SkiptuneException) ?? new ObjectDisposedException(nameof(LearnerQueue));
        }
        await result.Task.ConfigureAwait(false);
    }

    /// <summary>Takes no more, waits until what is in line is taken, and ends the thread.</summary>
    public async ValueTask DisposeAsync()
    {
        _entries.Writer.TryComplete();
        await _ended.Task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _thread.Join();
    }

    // An empty entry is the background's word that it has ended.
    private readonly record struct Entry(StreamSample? Sample, Action<OnDeviceLearner>? Work, TaskCompletionSource<SampleResult>? Result, long Since);

    private void Run()
    {
        List<Entry> batch = [];
        try
        {
            while (WaitToRead())
            {
                batch.Clear();
                Entry entry = default;
                while (batch.Count < MostAtOnce && _entries.Reader.TryRead(out entry) && entry.Sample is not null)
                    batch.Add(entry);
                if (batch.Count > 0)
                    Take(batch);
                if (entry.Sample is null)
                    Do(entry);
            }
            _ended.SetResult();
        }
        catch (Exception exception)
        {
            _failure = exception;
            _entries.Writer.TryComplete(exception);
            foreach (Entry entry in batch)
                entry.Result?.TrySetException(exception);
            while (_entries.Reader.TryRead(out Entry entry))
                entry.Result?.TrySetException(exception);
            _ended.SetException(exception);
        }
    }

    // A stream that pauses looks after requests of other processes now and then.
    private bool WaitToRead()
    {
        Task<bool> wait = _entries.Reader.WaitToReadAsync().AsTask();
        while (!wait.Wait(s_idle))
            _learner.Advance();
        return wait.Result;
    }

    private void Take(List<Entry> batch)
    {
        StreamSample[] samples = [.. batch.Select(entry => entry.Sample!)];
        IReadOnlyList<SampleResult> results = _learner.Process(samples);
        for (int i = 0; i < samples.Length; i++)
        {
            Delays.Add(Stopwatch.GetElapsedTime(batch[i].Since));
            batch[i].Result!.SetResult(results[i]);
        }
        Processed?.Invoke(samples, results);
        batch.Clear();
    }

    private void Do(Entry entry)
    {
        _learner.Advance();
        if (entry.Work is null)
            return;
        try
        {
            entry.Work(_learner);
            entry.Result!.SetResult(new SampleResult(SampleOutcome.Accepted, 0));
        }
        catch (Exception exception)
        {
            entry.Result!.SetException(exception);
            // What was refused is the caller's matter; a learner that is broken says so at the next sample.
            if (exception is not SkiptuneException)
                throw;
        }
    }
}
