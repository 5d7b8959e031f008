using Skiptune.Numerics;

namespace Skiptune.Tests.Numerics;

/// <summary>The scalar reference against the formulas in float64.</summary>
public class ScalarReferenceTests
{
    private const int Longest = 256;

    private delegate void Call(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> destination);

    [Fact]
    public void Elementwise_kernels()
    {
        KernelSet k = Forms.Scalar;
        Check("Relu", (x, y, d) => k.Relu(x, d), (x, y, d) => Of(x > 0 ? x : 0));
        Check("ReluBackward", (x, y, d) => k.ReluBackward(x, y, d, false), (x, y, d) => Of(x > 0 ? y : 0));
        Check("ReluBackward+", (x, y, d) => k.ReluBackward(x, y, d, true), (x, y, d) => Of(d, x > 0 ? y : 0));
        Check("Add", (x, y, d) => k.Add(x, y, d), (x, y, d) => Of(x, y));
        Check("Scale", (x, y, d) => k.Scale(x, 0.25f, d), (x, y, d) => Of(x * 0.25));
        Check("AddScaled", (x, y, d) => k.AddScaled(x, 0.25f, d), (x, y, d) => Of(d, x * 0.25));
        Check("MultiplyAdd", (x, y, d) => k.MultiplyAdd(x, y, x, d), (x, y, d) => Of(x, x * y));
        Check("MultiplyAdd by one", (x, y, d) => k.MultiplyAdd(x, 0.25f, -1.5f, d), (x, y, d) => Of(-1.5, x * 0.25));
        Check("UpdateSgd", (x, y, d) => k.UpdateSgd(d, x, 0.125f, 0.5f), (x, y, d) => Of(d, -0.125 * x, -0.125 * 0.5 * d));
        Check("UpdateSgd without decay", (x, y, d) => k.UpdateSgd(d, x, 0.125f, 0), (x, y, d) => Of(d, -0.125 * x));
    }

    [Fact]
    public void Momentum_moves_by_its_velocity()
    {
        (float[] p, float[] g, float[] v) = (Random(Longest, 1), Random(Longest, 2), Random(Longest, 3));
        (float[] parameters, float[] velocity) = ([.. p], [.. v]);
        Forms.Scalar.UpdateMomentum(parameters, g, velocity, 0.125f, 0.75f, 0.5f);
        for (int i = 0; i < Longest; i++)
        {
            Of(0.75 * v[i], g[i], 0.5 * p[i]).AssertNear(velocity[i], "velocity");
            Of(p[i], -0.125 * 0.75 * v[i], -0.125 * g[i], -0.125 * 0.5 * p[i]).AssertNear(parameters[i], "parameter");
        }
    }

    [Fact]
    public void Adam_is_algorithm_1_of_its_paper()
    {
        const double Rate = 0.01, Beta1 = 0.75, Beta2 = 0.9375, Epsilon = 1e-6, Decay = 0.25, Shrink = 0.984375;
        const int T = 3;
        (float[] p, float[] g, float[] m) = (Random(Longest, 1), Random(Longest, 2), Random(Longest, 3));
        float[] v = [.. Random(Longest, 4).Select(MathF.Abs)];
        (float[] parameters, float[] mean, float[] variance) = ([.. p], [.. m], [.. v]);
        AdamStep step = new(
            (float)Beta1,
            (float)Beta2,
            (float)Epsilon,
            (float)(Rate / (1 - Math.Pow(Beta1, T))),
            (float)(1 / Math.Sqrt(1 - Math.Pow(Beta2, T))),
            (float)Shrink,
            (float)Decay);
        Forms.Scalar.UpdateAdam(parameters, g, mean, variance, step);
        for (int i = 0; i < Longest; i++)
        {
            double slope = g[i] + Decay * p[i];
            double first = Beta1 * m[i] + (1 - Beta1) * slope;
            double second = Beta2 * v[i] + (1 - Beta2) * slope * slope;
            double move = Rate * (first / (1 - Math.Pow(Beta1, T))) / (Math.Sqrt(second / (1 - Math.Pow(Beta2, T))) + Epsilon);
            Assert.Equal(first, mean[i], 1e-6);
            Assert.Equal(second, variance[i], 1e-6);
            Assert.Equal(Shrink * p[i] - move, parameters[i], 1e-6);
        }
    }

    [Fact]
    public void Reductions_are_sums()
    {
        for (int n = 0; n <= Longest; n++)
        {
            (float[] x, float[] y) = (Random(3 * n, 1), Random(2 * n, 2));
            Sum expected = new(0);
            foreach (float value in x)
                expected.Add(value);
            expected.AssertNear(Forms.Scalar.Sum(x), $"Sum of {n}");

            float[] products = new float[6];
            Forms.Scalar.DotRows(3, 2, n, x, n, y, n, products, 2);
            for (int at = 0; at < products.Length; at++)
            {
                Sum dot = new(0);
                for (int i = 0; i < n; i++)
                    dot.Add((double)x[at / 2 * n + i] * y[at % 2 * n + i]);
                dot.AssertNear(products[at], $"DotRows of depth {n}");
            }
        }
    }

    [Fact]
    public void Different_lengths_are_refused_by_every_form()
    {
        foreach (KernelSet form in KernelSet.Available)
        {
            Assert.Throws<ArgumentException>(() => form.Add(new float[3], new float[4], new float[3]));
            Assert.Throws<ArgumentException>(() => form.Relu(new float[3], new float[2]));
            Assert.Throws<ArgumentException>(() => form.UpdateAdam(new float[3], new float[3], new float[3], new float[2], default));
            Assert.Throws<ArgumentException>(() => form.MultiplyAdd(2, 2, 2, new Matrix(new float[3], 2), new Matrix(new float[4], 2), new float[4], 2));
            Assert.Throws<ArgumentException>(() => form.MultiplyAdd(2, 2, 2, new Matrix(new float[4], 2), new Matrix(new float[4], 2), new float[3], 2));
        }
    }

    private static void Check(string kernel, Call call, Func<double, double, double, Sum> formula)
    {
        for (int n = 0; n <= Longest; n++)
        {
            (float[] x, float[] y, float[] before) = (Random(n, 3 * n), Random(n, 3 * n + 1), Random(n, 3 * n + 2));
            float[] destination = [.. before];
            call(x, y, destination);
            for (int i = 0; i < n; i++)
                formula(x[i], y[i], before[i]).AssertNear(destination[i], $"{kernel} of {n}");
        }
    }

    private static Sum Of(double first, params ReadOnlySpan<double> others)
    {
        Sum sum = new(first);
        foreach (double other in others)
            sum.Add(other);
        return sum;
    }

    private static float[] Random(int count, int seed)
    {
        float[] values = new float[count];
        new SeededRandom(seed).FillUniform(values, 2);
        return values;
    }
}
