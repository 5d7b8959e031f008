using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.FineTuning;

/// <summary>The frozen forward results of every sample, a row each.</summary>
/// <param name="layout">What a row holds.</param>
/// <param name="rows">Where the rows lie; disposed with the cache.</param>
/// <param name="samples">The samples.</param>
/// <param name="shares">How many threads may store at once.</param>
internal sealed unsafe class ForwardCache(CacheLayout layout, RowStore rows, int samples, int shares) : IDisposable
{
    private readonly bool[] _filled = new bool[samples];

    // A row is made here, then written as a whole.
    private readonly byte[][] _made = [.. Enumerable.Range(0, shares).Select(_ => new byte[layout.RowBytes])];

    // What each of the segments is read from.
    private readonly Tensor[][] _sources = [.. Enumerable.Range(0, shares).Select(_ => new Tensor[layout.Segments.Length])];

    // What each of the segments is loaded into.
    private readonly (RowBatch? Rows, Tensor? Values)[] _targets = new (RowBatch?, Tensor?)[layout.Segments.Length];
    private GraphProgram? _tail;

    // Where the rows of the batch lie, and how far behind each lies one of the batch after.
    private nint[] _starts = [];
    private nint[] _following = [];

    /// <summary>The bytes of all rows.</summary>
    public long Bytes => rows.Bytes;

    /// <summary>True if the sample's row has been written.</summary>
    public bool Contains(int sample) => _filled[sample];

    /// <summary>Writes the rows of samples from the outputs of the frozen part, sample i of the run to row samples[i].</summary>
    /// <param name="kernels">What to quantise with.</param>
    /// <param name="samples">The samples of the run.</param>
    /// <param name="trunk">The frozen part.</param>
    /// <param name="share">The number of the caller's share.</param>
    /// <param name="range">Which of the samples are in it.</param>
    /// <exception cref="SkiptuneException">A value is NaN or infinite, or the disk is full.</exception>
    public void Store(KernelSet kernels, ReadOnlySpan<int> samples, GraphProgram trunk, int share, (int Start, int End) range)
    {
        byte[] row = _made[share];
        Tensor[] sources = _sources[share];
        for (int k = 0; k < sources.Length; k++)
            sources[k] = trunk.Value(layout.Segments[k].Name);
        for (int i = range.Start; i < range.End; i++)
        {
            for (int k = 0; k < sources.Length; k++)
            {
                CacheSegment segment = layout.Segments[k];
                ReadOnlySpan<float> values = sources[k].Span.Slice(i * segment.Count, segment.Count);
                if (!kernels.AreFinite(values))
                    throw new SkiptuneException($"the value '{segment.Name}' of sample {samples[i]} is not finite; check the model and the data");
                kernels.EncodeRow(segment.Format, values, row.AsSpan(segment.Offset, segment.Bytes));
            }
            rows.Write(samples[i], row);
            _filled[samples[i]] = true;
        }
    }

    /// <summary>Names the program that rows are loaded into from now on.</summary>
    public void Bind(GraphProgram tail)
    {
        if (ReferenceEquals(tail, _tail))
            return;
        _tail = tail;
        if (_starts.Length < tail.Batch)
            (_starts, _following) = (new nint[tail.Batch], new nint[tail.Batch]);
        for (int k = 0; k < _targets.Length; k++)
        {
            string name = layout.Segments[k].Name;
            _targets[k] = tail.Rows(name) is { } batch ? (batch, null) : (null, tail.Value(name));
        }
    }

    /// <summary>
    /// Gives the trained part the rows of samples: where they lie, for the inputs it reads there, or else copied into its
    /// inputs.
    /// </summary>
    /// <param name="kernels">What to decode with.</param>
    /// <param name="samples">The samples of a batch.</param>
    /// <param name="following">Those of the batch after, as far as they are known.</param>
    /// <param name="range">Which of the samples to load.</param>
    public void Load(KernelSet kernels, ReadOnlySpan<int> samples, ReadOnlySpan<int> following, (int Start, int End) range)
    {
        for (int i = range.Start; i < range.End; i++)
        {
            _starts[i] = rows.AddressOf(samples[i]);
            _following[i] = i < following.Length ? rows.AddressOf(following[i]) - _starts[i] : 0;
        }
        for (int k = 0; k < _targets.Length; k++)
        {
            CacheSegment segment = layout.Segments[k];
            ReadOnlySpan<nint> starts = _starts.AsSpan(range.Start, range.End - range.Start);
            if (_targets[k].Rows is { } batch)
            {
                Span<nint> addresses = batch.Addresses.AsSpan(range.Start, starts.Length);
                for (int i = 0; i < starts.Length; i++)
                    addresses[i] = starts[i] + segment.Offset;
                _following.AsSpan(range.Start, starts.Length).CopyTo(batch.Following.AsSpan(range.Start));
                continue;
            }
            Span<float> values = _targets[k].Values!.Span.Slice(range.Start * segment.Count, starts.Length * segment.Count);
            for (int i = 0; i < starts.Length; i++)
                kernels.DecodeRow(segment.Format, new ReadOnlySpan<byte>((void*)(starts[i] + segment.Offset), segment.Bytes), values.Slice(i * segment.Count, segment.Count));
        }
    }

    /// <summary>Gives the rows' memory or file back.</summary>
    public void Dispose() => rows.Dispose();
}
