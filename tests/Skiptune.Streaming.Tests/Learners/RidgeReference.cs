namespace Skiptune.Streaming.Tests.Learners;

/// <summary>Weighted ridge regression in one go, in double, by elimination: an implementation of its own to compare with.</summary>
internal static class RidgeReference
{
    /// <summary>(H'WH + ridge I)^-1 H'W T, columns first to last: inputs x outputs.</summary>
    public static double[] Solve(int inputs, int outputs, double[] h, double[] t, Func<int, double> weight, double ridge)
    {
        int rows = h.Length / inputs;
        int width = inputs + outputs;
        double[,] system = new double[inputs, width];
        for (int row = 0; row < rows; row++)
        {
            for (int i = 0; i < inputs; i++)
            {
                double scaled = weight(row) * h[row * inputs + i];
                for (int j = 0; j < inputs; j++)
                    system[i, j] += scaled * h[row * inputs + j];
                for (int j = 0; j < outputs; j++)
                    system[i, inputs + j] += scaled * t[row * outputs + j];
            }
        }
        for (int i = 0; i < inputs; i++)
            system[i, i] += ridge;
        Eliminate(system, inputs, width);
        double[] solution = new double[inputs * outputs];
        for (int i = 0; i < inputs; i++)
        {
            for (int j = 0; j < outputs; j++)
                solution[i * outputs + j] = system[i, inputs + j] / system[i, i];
        }
        return solution;
    }

    /// <summary>|a - b| / |b|.</summary>
    public static double RelativeError(ReadOnlySpan<float> a, ReadOnlySpan<double> b)
    {
        (double difference, double size) = (0, 0);
        for (int i = 0; i < a.Length; i++)
        {
            difference += (a[i] - b[i]) * (a[i] - b[i]);
            size += b[i] * b[i];
        }
        return Math.Sqrt(difference / size);
    }

    private static void Eliminate(double[,] system, int rows, int width)
    {
        for (int pivot = 0; pivot < rows; pivot++)
        {
            for (int row = 0; row < rows; row++)
            {
                if (row == pivot)
                    continue;
                double factor = system[row, pivot] / system[pivot, pivot];
                for (int j = pivot; j < width; j++)
                    system[row, j] -= factor * system[pivot, j];
            }
        }
    }
}
