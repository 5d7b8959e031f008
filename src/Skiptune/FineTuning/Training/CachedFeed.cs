using Skiptune.Data;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.FineTuning;

/// <summary>Runs the frozen part once for each sample and keeps the results.</summary>
internal sealed class CachedFeed : FeatureFeed
{
    private readonly ForwardCache _cache;
    private readonly GraphProgram _trunk;
    private readonly ProgramContext _context;
    private readonly CacheFill _fill;
    private readonly long _rowCost;
    private readonly int[] _missing;
    private readonly Action<int> _store;
    private readonly Action<int> _load;
    private int _missingCount;
    private int[] _order = [];
    private int _start;
    private GraphProgram? _tail;

    public CachedFeed(FrozenSplit split, DataSet data, nint[]? located, CacheLayout layout, GraphProgram trunk, ProgramContext context, FineTuneOptions options)
        : base(split, data, located)
    {
        _cache = new ForwardCache(layout, RowStore.Create(data.Count, layout.RowBytes, options), data.Count, context.Workers.Count);
        _trunk = trunk;
        _context = context;
        _fill = options.Fill;
        _rowCost = layout.Segments.Sum(segment => (long)segment.Count);
        _missing = new int[trunk.Batch];
        _store = StoreShare;
        _load = LoadShare;
    }

    public override long CacheBytes => _cache.Bytes;

    public override void Prepare(CancellationToken cancellationToken)
    {
        if (_fill == CacheFill.Lazy)
            return;
        for (int first = 0; first < Data.Count; first += _missing.Length)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _missingCount = Math.Min(_missing.Length, Data.Count - first);
            for (int i = 0; i < _missingCount; i++)
                _missing[i] = first + i;
            FillMissing();
        }
    }

    protected override void Dispose(bool disposing)
    {
        _cache.Dispose();
        base.Dispose(disposing);
    }

    protected override void LoadFrontier(int[] order, int start, GraphProgram tail)
    {
        _missingCount = 0;
        for (int i = start; i < start + tail.Batch; i++)
        {
            if (_cache.Contains(order[i]))
                continue;
            _missing[_missingCount++] = order[i];
            if (_missingCount == _missing.Length)
                FillMissing();
        }
        if (_missingCount > 0)
            FillMissing();
        (_order, _start, _tail) = (order, start, tail);
        _context.Workers.Run(_load, (long)tail.Batch * _rowCost);
    }

    // The frozen part always runs its full batch, repeating the last sample: a sample's bits do not depend on it.
    private void FillMissing()
    {
        _missing.AsSpan(_missingCount).Fill(_missing[_missingCount - 1]);
        Data.Read(_missing, _trunk.Value(Split.SampleName).Span);
        _trunk.Forward();
        _context.Workers.Run(_store, (long)_missingCount * _rowCost);
        _missingCount = 0;
    }

    private void StoreShare(int share) =>
        _cache.Store(_context.Kernels, _missing, _trunk, share, _context.Workers.Share(_missingCount, share));

    private void LoadShare(int share) =>
        _cache.Load(_context.Kernels, _order.AsSpan(_start, _tail!.Batch), _tail, _context.Workers.Share(_tail.Batch, share));
}
