namespace Skiptune.FineTuning;

/// <summary>
/// Least squares with a penalty: the W and b that minimise sum |W x + b - t|^2 + lambda |W|^2 over samples x with targets
/// t. Solved over centred features by Cholesky decomposition, in double precision.
/// </summary>
internal sealed class Ridge(int features, int targets)
{
    private readonly double[] _covariance = new double[features * features]; // lower triangle of sum x x^T
    private readonly double[] _cross = new double[features * targets]; // sum x t^T
    private readonly double[] _featureSum = new double[features];
    private readonly double[] _targetSum = new double[targets];
    private int _count;

    /// <summary>Adds a sample.</summary>
    public void Add(ReadOnlySpan<float> x, ReadOnlySpan<float> t)
    {
        for (int i = 0; i < features; i++)
        {
            double value = x[i];
            _featureSum[i] += value;
            if (value == 0)
                continue;
            for (int j = 0; j <= i; j++)
                _covariance[i * features + j] += value * x[j];
            for (int j = 0; j < targets; j++)
                _cross[i * targets + j] += value * t[j];
        }
        for (int j = 0; j < targets; j++)
            _targetSum[j] += t[j];
        _count++;
    }

    /// <summary>Solves.</summary>
    /// <param name="penalty">Lambda as a share of the features' mean variance times the samples; above 0.</param>
    /// <param name="weight">Becomes W, targets x features.</param>
    /// <param name="bias">Becomes b, targets.</param>
    public void Solve(double penalty, Span<float> weight, Span<float> bias)
    {
        double trace = 0;
        for (int i = 0; i < features; i++)
        {
            double mean = _featureSum[i] / _count;
            for (int j = 0; j <= i; j++)
                _covariance[i * features + j] -= mean * _featureSum[j];
            for (int j = 0; j < targets; j++)
                _cross[i * targets + j] -= mean * _targetSum[j];
            trace += _covariance[i * features + i];
        }
        double lambda = Math.Max(penalty * trace / features, 1e-12);
        for (int i = 0; i < features; i++)
            _covariance[i * features + i] += lambda;
        Decompose();
        Span<double> column = new double[features];
        for (int target = 0; target < targets; target++)
        {
            for (int i = 0; i < features; i++)
                column[i] = _cross[i * targets + target];
            Substitute(column);
            double offset = _targetSum[target] / _count;
            for (int i = 0; i < features; i++)
            {
                weight[target * features + i] = (float)column[i];
                offset -= column[i] * _featureSum[i] / _count;
            }
            bias[target] = (float)offset;
        }
    }

    // L L^T in place, a row at a time.
    private void Decompose()
    {
        for (int i = 0; i < features; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = _covariance[i * features + j];
                for (int k = 0; k < j; k++)
                    sum -= _covariance[i * features + k] * _covariance[j * features + k];
                _covariance[i * features + j] = i == j ? Math.Sqrt(Math.Max(sum, 1e-30)) : sum / _covariance[j * features + j];
            }
        }
    }

    private void Substitute(Span<double> x)
    {
        for (int i = 0; i < features; i++)
        {
            for (int k = 0; k < i; k++)
                x[i] -= _covariance[i * features + k] * x[k];
            x[i] /= _covariance[i * features + i];
        }
        for (int i = features - 1; i >= 0; i--)
        {
            for (int k = i + 1; k < features; k++)
                x[i] -= _covariance[k * features + i] * x[k];
            x[i] /= _covariance[i * features + i];
        }
    }
}
