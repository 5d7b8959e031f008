using Skiptune.Numerics;

namespace Skiptune.Streaming.Learners;

/// <summary>
/// Ridge regression, kept up to date as samples arrive: after any number of them the weights B minimise
/// sum_i forgetting^(age of i) |t_i - h_i B|^2 + ridge |B|^2, up to rounding.
/// </summary>
/// <remarks>
/// <para>
/// What is kept of the covariance P = (H'H + ridge I)^-1 is a root S with P = S S' (Potter 1963; for blocks of rows
/// Andrews 1968). P is symmetric and positive by that form whatever is rounded, where the textbook update of P itself
/// loses both in float32, and S needs half the digits of P.
/// </para>
/// <para>
/// A block of rows H with targets T, F = H S, U U' = I + F F' (Cholesky, in double):
/// B += S F' (U U')^-1 (T - H B) and S -= S F' U'^-1 (U + I)^-1 F. For one row U is a number, and nothing is inverted.
/// </para>
/// <para>
/// With forgetting alone S would grow without bound wherever the samples say nothing (wind-up), and the ridge would fade.
/// So each sample brings a row of the ridge with it: sqrt(inputs (1 - forgetting) ridge) in one place, 0 elsewhere, target
/// 0, the place moving on by one each time. What is forgotten of the ridge is put back, in the mean exactly, and
/// P stays below I / (inputs (1 - forgetting) ridge forgetting^inputs) for ever.
/// </para>
/// </remarks>
internal sealed class RecursiveRidge
{
    /// <summary>Samples taken up at once; more go in several blocks.</summary>
    public const int MostRows = 16;

    private readonly KernelSet _kernels;
    private readonly int _inputs;
    private readonly int _outputs;
    private readonly float _ridge;
    private readonly float _forgetting;

    // Working memory of a block of up to 2 MostRows rows, those of the ridge included.
    private readonly float[] _rows;
    private readonly float[] _errors;
    private readonly float[] _seen;
    private readonly float[] _gain;
    private readonly float[] _step;
    private readonly double[] _factor;

    private State _state;

    public RecursiveRidge(int inputs, int outputs, float ridge, float forgetting, KernelSet? kernels = null)
    {
        _kernels = kernels ?? KernelSet.Current;
        (_inputs, _outputs, _ridge, _forgetting) = (inputs, outputs, ridge, forgetting);
        int rows = 2 * MostRows;
        _rows = new float[checked(rows * inputs)];
        _seen = new float[rows * inputs];
        _gain = new float[rows * inputs];
        _step = new float[rows * inputs];
        _errors = new float[checked(rows * outputs)];
        _factor = new double[rows * rows];
        _state = new State(checked(inputs * inputs), checked(inputs * outputs));
        Reset();
    }

    /// <summary>B: inputs x outputs.</summary>
    public ReadOnlySpan<float> Weights => _state.Weights;

    /// <summary>Samples learnt.</summary>
    public long Count => _state.Count;

    /// <summary>The bytes of <see cref="Write"/>.</summary>
    public long StateBytes => sizeof(long) + sizeof(float) * ((long)_state.Root.Length + _state.Weights.Length);

    /// <summary>Forgets every sample.</summary>
    public void Reset()
    {
        Array.Clear(_state.Root);
        Array.Clear(_state.Weights);
        float start = 1 / MathF.Sqrt(_ridge);
        for (int i = 0; i < _inputs; i++)
            _state.Root[i * (_inputs + 1)] = start;
        _state.Count = 0;
    }

    /// <summary>y = h B.</summary>
    public void Predict(int rows, ReadOnlySpan<float> h, Span<float> y)
    {
        y = y[..(rows * _outputs)];
        y.Clear();
        _kernels.MultiplyAdd(rows, _outputs, _inputs, new Matrix(h, _inputs), new Matrix(_state.Weights, _outputs), y, _outputs);
    }

    /// <summary>P = S S', inputs x inputs.</summary>
    public void CopyCovariance(Span<float> covariance) =>
        _kernels.DotRows(_inputs, _inputs, _inputs, _state.Root, _inputs, _state.Root, _inputs, covariance, _inputs);

    /// <summary>Learns some samples, the last of them the newest.</summary>
    /// <param name="rows">How many.</param>
    /// <param name="h">rows x inputs, finite.</param>
    /// <param name="t">rows x outputs, finite.</param>
    public void Learn(int rows, ReadOnlySpan<float> h, ReadOnlySpan<float> t)
    {
        for (int first = 0; first < rows; first += MostRows)
        {
            int count = Math.Min(MostRows, rows - first);
            LearnBlock(count, h.Slice(first * _inputs, count * _inputs), t.Slice(first * _outputs, count * _outputs));
        }
    }

    /// <summary>Writes the state.</summary>
    public void Write(BinaryWriter writer)
    {
        writer.Write(_state.Count);
        writer.Write((ReadOnlySpan<float>)_state.Root);
        writer.Write((ReadOnlySpan<float>)_state.Weights);
    }

    /// <summary>Reads a state without taking it on.</summary>
    public State Read(BinaryReader reader)
    {
        State state = new(_state.Root.Length, _state.Weights.Length) { Count = reader.ReadCount() };
        reader.Read(state.Root.AsSpan());
        reader.Read(state.Weights.AsSpan());
        return state;
    }

    /// <summary>Takes on a state of <see cref="Read"/>.</summary>
    public void Restore(State state) => _state = state;

    private void LearnBlock(int samples, ReadOnlySpan<float> h, ReadOnlySpan<float> t)
    {
        h.CopyTo(_rows);
        t.CopyTo(_errors);
        Update(_forgetting < 1 ? samples + Forget(samples) : samples);
        _state.Count += samples;
    }

    // Gives what was learnt before less weight, and older samples of the block less than newer ones; adds a row of the
    // ridge for each sample.
    private int Forget(int samples)
    {
        double scale = Math.Sqrt((double)_inputs * (1 - _forgetting) * _ridge);
        Span<float> ridge = _rows.AsSpan(samples * _inputs, samples * _inputs);
        ridge.Clear();
        _errors.AsSpan(samples * _outputs, samples * _outputs).Clear();
        double weight = 1; // the root of forgetting^age
        for (int row = samples - 1; row >= 0; row--)
        {
            if (weight != 1)
            {
                Scale(_rows.AsSpan(row * _inputs, _inputs), (float)weight);
                Scale(_errors.AsSpan(row * _outputs, _outputs), (float)weight);
            }
            ridge[row * _inputs + (int)((_state.Count + row) % _inputs)] = (float)(scale * weight);
            weight *= Math.Sqrt(_forgetting);
        }
        Scale(_state.Root, (float)(1 / weight));
        return samples;
    }

    private void Update(int rows)
    {
        Span<float> seen = _seen.AsSpan(0, rows * _inputs);
        Span<float> gain = _gain.AsSpan(0, rows * _inputs);
        Span<float> step = _step.AsSpan(0, rows * _inputs);
        Span<float> root = _state.Root;
        Matrix h = new(_rows, _inputs);

        // F = H S, and (S F')'.
        seen.Clear();
        _kernels.MultiplyAdd(rows, _inputs, _inputs, h, new Matrix(root, _inputs), seen, _inputs);
        _kernels.DotRows(rows, _inputs, _inputs, seen, _inputs, root, _inputs, gain, _inputs);
        Factorise(rows, seen);

        // (S F' U'^-1)', and -(U + I)^-1 F.
        SolveForward(rows, gain, 0);
        _kernels.Scale(seen, -1, step);
        SolveForward(rows, step, 1);
        _kernels.MultiplyAdd(_inputs, _inputs, rows, new Matrix(gain, _inputs).Transposed, new Matrix(step, _inputs), root, _inputs);

        // T - H B, with the gain (S F' (U U')^-1)'.
        SolveBackward(rows, gain);
        _kernels.Scale(_rows.AsSpan(0, rows * _inputs), -1, step);
        _kernels.MultiplyAdd(rows, _outputs, _inputs, new Matrix(step, _inputs), new Matrix(_state.Weights, _outputs), _errors, _outputs);
        _kernels.MultiplyAdd(_inputs, _outputs, rows, new Matrix(gain, _inputs).Transposed, new Matrix(_errors, _outputs), _state.Weights, _outputs);
    }

    // U U' = I + F F'. Where the samples are alike and little is known yet, F F' is far larger than I: in float I would be lost.
    private void Factorise(int rows, ReadOnlySpan<float> seen)
    {
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = Dot(seen.Slice(i * _inputs, _inputs), seen.Slice(j * _inputs, _inputs)) + (i == j ? 1 : 0);
                for (int k = 0; k < j; k++)
                    sum -= _factor[i * rows + k] * _factor[j * rows + k];
                // Below 1 only by rounding: U U' - I is positive.
                _factor[i * rows + j] = i == j ? Math.Sqrt(Math.Max(sum, 1)) : sum / _factor[j * rows + j];
            }
        }
    }

    // rows = (U + shift I)^-1 rows.
    private void SolveForward(int rows, Span<float> values, double shift)
    {
        for (int i = 0; i < rows; i++)
        {
            Span<float> row = values.Slice(i * _inputs, _inputs);
            for (int k = 0; k < i; k++)
                _kernels.AddScaled(values.Slice(k * _inputs, _inputs), (float)-_factor[i * rows + k], row);
            Scale(row, (float)(1 / (_factor[i * (rows + 1)] + shift)));
        }
    }

    // rows = U'^-1 rows.
    private void SolveBackward(int rows, Span<float> values)
    {
        for (int i = rows - 1; i >= 0; i--)
        {
            Span<float> row = values.Slice(i * _inputs, _inputs);
            for (int k = i + 1; k < rows; k++)
                _kernels.AddScaled(values.Slice(k * _inputs, _inputs), (float)-_factor[k * rows + i], row);
            Scale(row, (float)(1 / _factor[i * (rows + 1)]));
        }
    }

    private void Scale(Span<float> values, float factor) => _kernels.Scale(values, factor, values);

    private static double Dot(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        // Two sums, because each addition waits for the one before.
        (double even, double odd) = (0, 0);
        int i = 0;
        for (; i < left.Length - 1; i += 2)
        {
            even += (double)left[i] * right[i];
            odd += (double)left[i + 1] * right[i + 1];
        }
        return even + odd + (i < left.Length ? (double)left[i] * right[i] : 0);
    }

    /// <summary>What is kept from sample to sample.</summary>
    internal sealed class State(int root, int weights)
    {
        public long Count { get; set; }

        public float[] Root { get; } = new float[root];

        public float[] Weights { get; } = new float[weights];
    }
}
