using System.Collections.Immutable;
using System.Diagnostics;
using Skiptune.Streaming.Loop;
using Skiptune.Streaming.Sources;
using Spectre.Console;

namespace Skiptune.Cli.Output;

/// <summary>The watch on a terminal, drawn anew five times a second.</summary>
internal sealed class LiveView(string store, ImmutableArray<string> classNames) : WatchOutput
{
    private const int Lines = 8;
    private static readonly TimeSpan s_period = TimeSpan.FromMilliseconds(200);

    private readonly Lock _gate = new();
    private readonly Queue<string> _events = new();
    private readonly Dictionary<int, long> _classes = [];
    private readonly Queue<(long At, long Samples)> _pace = new();
    private readonly ManualResetEventSlim _ended = new();
    private string _address = "";
    private SampleResult? _last;
    private Thread? _thread;
    private LearnerStatus? _final;

    public override void Start(Func<LearnerStatus> status, DelayHistogram delays)
    {
        _thread = new Thread(() => AnsiConsole.Live(Draw(status(), delays)).Start(context =>
        {
            do
            {
                context.UpdateTarget(Draw(_final ?? status(), delays));
                context.Refresh();
            }
            while (!_ended.Wait(s_period));
            context.UpdateTarget(Draw(_final ?? status(), delays));
        }))
        {
            IsBackground = true,
            Name = "skiptune view",
        };
        _thread.Start();
    }

    public override void Listening(string address)
    {
        lock (_gate)
            _address = _address.Length == 0 ? address : $"{_address}, {address}";
    }

    public override void Happened(LearnerEvent line)
    {
        lock (_gate)
        {
            _events.Enqueue($"{line.Time.ToLocalTime():HH:mm:ss}  {ResultJson.NameOf(line.Kind),-12} {(line.Version is { } version ? $"version {version}: " : "")}{line.Reason}");
            while (_events.Count > Lines)
                _events.Dequeue();
        }
    }

    public override void Processed(IReadOnlyList<StreamSample> samples, IReadOnlyList<SampleResult> results)
    {
        lock (_gate)
        {
            foreach (SampleResult result in results)
            {
                if (result is not { Outcome: SampleOutcome.Accepted, Answer: { } answer })
                    continue;
                _classes[answer.Class] = _classes.GetValueOrDefault(answer.Class) + 1;
                _last = result;
            }
        }
    }

    public override void End(LearnerStatus status) => _final = status;

    public override void Dispose()
    {
        _ended.Set();
        _thread?.Join();
        _ended.Dispose();
    }

    private Rows Draw(LearnerStatus status, DelayHistogram delays)
    {
        lock (_gate)
        {
            Table table = NewTable.With("", "");
            table.HideHeaders();
            table.Row("store", _address.Length == 0 ? store : $"{store}, {_address}");
            table.Row("phase", status.Collected > 0 ? $"{ResultJson.NameOf(status.Phase)}, {status.Collected} labelled samples" : ResultJson.NameOf(status.Phase));
            table.Row("version", status.Active == 0 ? "0, the base model" : $"{status.Active}, of {status.Rounds} fine-tunings");
            table.Row("samples", $"{status.Accepted:N0} taken, {status.Labelled:N0} labelled, {status.Quarantined:N0} quarantined, {status.Duplicates:N0} again; {Rate(status.Accepted):N1} a second");
            table.Row("answers", string.Join(", ", _classes.OrderBy(pair => pair.Key).Select(pair => $"{NameOf(pair.Key)} {pair.Value:N0}")));
            table.Row("last", _last?.Answer is { } answer ? $"{NameOf(answer.Class)}, {100 * answer.Probability:0.0} %{(_last.Score is { } score ? $", anomaly score {score:0.###}" : "")}" : "");
            table.Row("longest", $"{delays.Longest.TotalMilliseconds:0.0} ms from a sample to its stored answer");
            return new Rows([table, .. _events.Select(line => new Text(line))]);
        }
    }

    private string NameOf(int label) => label < classNames.Length ? classNames[label] : $"class {label}";

    // Over the last seconds.
    private double Rate(long samples)
    {
        long now = Stopwatch.GetTimestamp();
        _pace.Enqueue((now, samples));
        while (_pace.Count > 15)
            _pace.Dequeue();
        (long at, long before) = _pace.Peek();
        return now == at ? 0 : (samples - before) / Stopwatch.GetElapsedTime(at, now).TotalSeconds;
    }
}
