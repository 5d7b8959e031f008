namespace Skiptune.Numerics;

/// <summary>
/// How tensors of several shapes lie over one whole shape by NumPy's rules: aligned at the last axis, an extent of 1 (or
/// an axis that is missing) stands for every entry. Axes that all operands walk alike are taken together, and the whole
/// is seen as rows, along each of which an operand either runs along or stays on one value.
/// </summary>
internal sealed class Broadcasting
{
    // Extents of the axes outside the row, and what each operand moves by from one entry to the next; innermost first.
    private readonly List<int> _extents = [];
    private readonly List<int>[] _strides;
    private readonly int[] _steps;

    /// <summary>Lays operands over a shape.</summary>
    /// <param name="whole">The shape that <see cref="Join"/> gives for the operands.</param>
    /// <param name="operands">Their shapes.</param>
    public Broadcasting(Shape whole, params ReadOnlySpan<Shape> operands)
    {
        int[] running = new int[operands.Length];
        running.AsSpan().Fill(1);
        _strides = new List<int>[operands.Length];
        for (int i = 0; i < operands.Length; i++)
            _strides[i] = [];
        for (int back = 1; back <= whole.Rank; back++)
        {
            int extent = whole[-back];
            if (extent == 1)
                continue;
            bool merges = _extents.Count > 0;
            int[] strides = new int[operands.Length];
            for (int i = 0; i < operands.Length; i++)
            {
                bool moves = back <= operands[i].Rank && operands[i][-back] != 1;
                strides[i] = moves ? running[i] : 0;
                running[i] *= moves ? extent : 1;
                merges = merges && strides[i] == _strides[i][^1] * _extents[^1];
            }
            if (merges)
            {
                _extents[^1] *= extent;
                continue;
            }
            _extents.Add(extent);
            for (int i = 0; i < operands.Length; i++)
                _strides[i].Add(strides[i]);
        }
        RowLength = _extents.Count > 0 ? _extents[0] : 1;
        Rows = whole.Count / Math.Max(1, RowLength);
        _steps = [.. _strides.Select(strides => strides.Count > 0 ? strides[0] : 0)];
    }

    /// <summary>The rows.</summary>
    public int Rows { get; }

    /// <summary>The values of a row.</summary>
    public int RowLength { get; }

    /// <summary>True if an operand runs along a row, false if it stays on one value.</summary>
    public bool Runs(int operand) => _steps[operand] == 1;

    /// <summary>Where an operand is at the start of a row.</summary>
    public int Offset(int operand, int row)
    {
        int offset = 0;
        for (int axis = 1; axis < _extents.Count; axis++)
        {
            offset += row % _extents[axis] * _strides[operand][axis];
            row /= _extents[axis];
        }
        return offset;
    }

    /// <summary>An operand's values for a part of a row: as many, or one for all.</summary>
    public Span<float> Part(int operand, Tensor tensor, int row, int from, int to)
    {
        int offset = Offset(operand, row);
        return Runs(operand) ? tensor.Span[(offset + from)..(offset + to)] : tensor.Span.Slice(offset, 1);
    }

    /// <summary>An operand's values for a row: as many, or one for all.</summary>
    public Span<float> Row(int operand, Tensor tensor, int row) => Part(operand, tensor, row, 0, RowLength);

    /// <summary>The position in a row's values (<see cref="Row"/>) of its i-th value.</summary>
    public int At(int operand, int i) => Runs(operand) ? i : 0;

    /// <summary>
    /// The rows of a member of a team that adds up rows into an operand: no two members reach the same value of it, and
    /// each value's sum runs in the order of the rows.
    /// </summary>
    public (int Start, int End) SharedRows(int operand, Workers workers, int member)
    {
        if (_extents.Count > 1 && _strides[operand][^1] != 0)
        {
            int inner = Rows / _extents[^1];
            (int start, int end) = workers.Share(_extents[^1], member);
            return (start * inner, end * inner);
        }
        return member == 0 ? (0, Rows) : (0, 0);
    }

    /// <summary>The shape of values of these shapes taken together.</summary>
    /// <exception cref="SkiptuneException">They do not fit.</exception>
    public static Shape Join(string op, params ReadOnlySpan<Shape> shapes) =>
        TryJoin(shapes) ?? throw new SkiptuneException($"{op} takes values whose shapes fit together, not {string.Join(" and ", shapes.ToArray())}");

    /// <summary>The shape of values of these shapes taken together, or null if they do not fit.</summary>
    public static Shape? TryJoin(params ReadOnlySpan<Shape> shapes)
    {
        int rank = 0;
        foreach (Shape shape in shapes)
            rank = Math.Max(rank, shape.Rank);
        int[] extents = new int[rank];
        extents.AsSpan().Fill(1);
        foreach (Shape shape in shapes)
        {
            for (int back = 1; back <= shape.Rank; back++)
            {
                ref int extent = ref extents[^back];
                if (extent == 1)
                    extent = shape[-back];
                else if (shape[-back] != 1 && shape[-back] != extent)
                    return null;
            }
        }
        return new Shape(extents);
    }
}
