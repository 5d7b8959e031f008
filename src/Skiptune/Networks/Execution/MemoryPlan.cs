namespace Skiptune.Networks;

/// <summary>A buffer a program needs from one of its steps to another.</summary>
/// <param name="Name">Whose it is.</param>
/// <param name="Count">Its values.</param>
/// <param name="From">The first step that uses it.</param>
/// <param name="To">The last step that uses it.</param>
internal sealed record BufferRequest(string Name, int Count, int From, int To)
{
    public bool Overlaps(BufferRequest other) => From <= other.To && other.From <= To;
}

/// <summary>
/// Where each buffer lies in one block of memory, such that buffers in use at the same step never overlap: the
/// largest first, each at the lowest place that is free while it is needed.
/// </summary>
internal sealed class MemoryPlan
{
    private const int Grain = 16; // floats: one cache line

    private readonly Dictionary<string, int> _offsets = new(StringComparer.Ordinal);

    public MemoryPlan(IEnumerable<BufferRequest> requests)
    {
        List<(BufferRequest Request, long Offset)> placed = [];
        foreach (BufferRequest request in requests.OrderByDescending(request => request.Count).ThenBy(request => request.From))
        {
            long offset = 0;
            foreach ((BufferRequest other, long at) in placed.Where(item => item.Request.Overlaps(request)).OrderBy(item => item.Offset))
            {
                if (offset + request.Count <= at)
                    break;
                offset = Math.Max(offset, at + RoundUp(other.Count));
            }
            placed.Add((request, offset));
            Count = Math.Max(Count, offset + RoundUp(request.Count));
            if (Count > Numerics.Shape.MaxElements)
                throw new SkiptuneException($"the network needs {4 * Count / 1e9:F1} GB of buffers at this batch size; use a smaller batch");
            _offsets[request.Name] = (int)offset;
        }
    }

    /// <summary>The values of the whole block.</summary>
    public long Count { get; }

    /// <summary>Where a buffer starts.</summary>
    public int OffsetOf(string name) => _offsets[name];

    private static long RoundUp(long count) => (count + Grain - 1) / Grain * Grain;
}
