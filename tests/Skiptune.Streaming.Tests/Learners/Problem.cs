using FsCheck;
using FsCheck.Fluent;
using Skiptune.Numerics;
using Skiptune.Streaming.Learners;

namespace Skiptune.Streaming.Tests.Learners;

/// <summary>A random regression: inputs that share much with each other, as hidden values do, targets with noise.</summary>
internal sealed record Problem(int Seed, int Rows, int Inputs, int Outputs, int Batch, float Ridge, bool Alike)
{
    private readonly Lazy<(float[] H, float[] T)> _data = new(() => Draw(Seed, Rows, Inputs, Outputs, Alike));

    public static Arbitrary<Problem> Any { get; } = Arb.From(
        from seed in Gen.Choose(0, 1_000_000)
        from rows in Gen.Choose(1, 400)
        from inputs in Gen.Choose(1, 40)
        from outputs in Gen.Choose(1, 9)
        from batch in Gen.Choose(1, 40)
        from ridge in Gen.Elements(0.01f, 0.1f, 1f, 10f)
        from alike in Gen.Elements(false, true)
        select new Problem(seed, rows, inputs, outputs, batch, ridge, alike));

    public float[] H => _data.Value.H;

    public float[] T => _data.Value.T;

    public RecursiveRidge Learner(float forgetting, KernelSet? kernels = null) => new(Inputs, Outputs, Ridge, forgetting, kernels);

    /// <summary>Teaches all rows, so many at a time.</summary>
    public void Feed(RecursiveRidge learner, int batch)
    {
        for (int row = 0; row < Rows; row += batch)
        {
            int count = Math.Min(batch, Rows - row);
            learner.Learn(count, H.AsSpan(row * Inputs, count * Inputs), T.AsSpan(row * Outputs, count * Outputs));
        }
    }

    /// <summary>All rows at once, each with the weight its age leaves it, and the rows of the ridge as the learner documents them.</summary>
    public double[] Solution(float forgetting = 1)
    {
        double size = Math.Sqrt(Inputs * (1 - (double)forgetting) * Ridge);
        double[] ridgeRows = new double[Rows * Inputs];
        for (int row = 0; row < Rows; row++)
            ridgeRows[row * Inputs + row % Inputs] = size;
        double[] h = [.. H.Select(x => (double)x), .. ridgeRows];
        double[] t = [.. T.Select(x => (double)x), .. new double[Rows * Outputs]];
        return RidgeReference.Solve(Inputs, Outputs, h, t, row => Math.Pow(forgetting, Rows - 1 - row % Rows), Ridge * Math.Pow(forgetting, Rows));
    }

    private static (float[] H, float[] T) Draw(int seed, int rows, int inputs, int outputs, bool alike)
    {
        SeededRandom random = new(seed);
        float[] weights = new float[inputs * outputs];
        random.FillUniform(weights, 1);
        float[] h = new float[rows * inputs];
        float[] t = new float[rows * outputs];
        random.FillUniform(t, 0.1f);
        random.FillUniform(h, 1);
        for (int row = 0; row < rows; row++)
        {
            float common = alike ? 1 + random.NextSingle() : 0;
            for (int i = 0; i < inputs; i++)
            {
                ref float value = ref h[row * inputs + i];
                value += common;
                for (int j = 0; j < outputs; j++)
                    t[row * outputs + j] += value * weights[i * outputs + j];
            }
        }
        return (h, t);
    }
}
