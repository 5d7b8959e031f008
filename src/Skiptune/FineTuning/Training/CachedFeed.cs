using Skiptune.Data;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.FineTuning;

/// <summary>Runs the frozen part once for each sample and keeps the results.</summary>
internal sealed class CachedFeed : FeatureFeed
{
    private readonly ForwardCache _cache;
    private readonly ForwardTeam _trunks;
    private readonly ProgramContext _context;
    private readonly CacheFill _fill;
    private readonly long _rowCost;
    private readonly int[] _missing;
    private readonly int[][] _batches; // one for each program of the team
    private readonly Action<GraphProgram, int> _run;
    private readonly Action<int> _load;
    private int _missingCount;
    private int _taken;
    private CancellationToken _cancellationToken;
    private int[] _order = [];
    private int _start;
    private GraphProgram? _tail;

    /// <summary>Makes room for the rows.</summary>
    /// <param name="split">Where the network is cut.</param>
    /// <param name="data">The samples.</param>
    /// <param name="located">Where each sample lies; null if they must be read.</param>
    /// <param name="layout">What a row holds.</param>
    /// <param name="trunks">The frozen part.</param>
    /// <param name="batch">The samples of the largest batch.</param>
    /// <param name="context">What to compute with.</param>
    /// <param name="options">Where the rows lie and when they are made.</param>
    public CachedFeed(
        FrozenSplit split, DataSet data, nint[]? located, CacheLayout layout, ForwardTeam trunks, int batch, ProgramContext context, FineTuneOptions options)
        : base(split, data, located)
    {
        _cache = new ForwardCache(layout, RowStore.Create(data.Count, layout.RowBytes, options), data.Count, trunks.Count);
        _trunks = trunks;
        _context = context;
        _fill = options.Fill;
        _rowCost = layout.Segments.Sum(segment => (long)segment.Count);
        _missing = new int[_fill == CacheFill.Lazy ? batch : data.Count];
        _batches = [.. Enumerable.Range(0, trunks.Count).Select(_ => new int[trunks.Batch])];
        _run = RunTrunk;
        _load = LoadShare;
    }

    public override long CacheBytes => _cache.Bytes;

    public override void Prepare(CancellationToken cancellationToken)
    {
        if (_fill == CacheFill.Lazy)
            return;
        for (int i = 0; i < Data.Count; i++)
            _missing[i] = i;
        _missingCount = Data.Count;
        FillMissing(cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        _cache.Dispose();
        _trunks.Dispose();
        base.Dispose(disposing);
    }

    protected override void LoadFrontier(int[] order, int start, GraphProgram tail)
    {
        for (int i = start; i < start + tail.Batch; i++)
        {
            if (!_cache.Contains(order[i]))
                _missing[_missingCount++] = order[i];
        }
        if (_missingCount > 0)
            FillMissing(CancellationToken.None);
        _cache.Bind(tail);
        (_order, _start, _tail) = (order, start, tail);
        _context.Workers.Run(_load, (long)tail.Batch * _rowCost);
    }

    private void FillMissing(CancellationToken cancellationToken)
    {
        (_taken, _cancellationToken) = (0, cancellationToken);
        _trunks.Run(_run);
        _missingCount = 0;
    }

    // Takes batch after batch of what is missing until all are taken. The frozen part always runs its full batch,
    // repeating the last sample: a sample's bits do not depend on it.
    private void RunTrunk(GraphProgram trunk, int number)
    {
        int[] batch = _batches[number];
        int first;
        while ((first = Interlocked.Add(ref _taken, batch.Length) - batch.Length) < _missingCount)
        {
            _cancellationToken.ThrowIfCancellationRequested();
            int count = Math.Min(batch.Length, _missingCount - first);
            _missing.AsSpan(first, count).CopyTo(batch);
            batch.AsSpan(count).Fill(batch[count - 1]);
            // Data sets are read by one thread at a time.
            lock (Data)
                Data.Read(batch, trunk.Value(Split.SampleName).Span);
            trunk.Forward();
            _cache.Store(_context.Kernels, batch, trunk, number, (0, count));
        }
    }

    private void LoadShare(int share) =>
        _cache.Load(_context.Kernels, _order.AsSpan(_start, _tail!.Batch), Following(_order, _start, _tail), _context.Workers.Share(_tail.Batch, share));
}
