using Skiptune.Numerics;

namespace Skiptune.Tests.Numerics;

/// <summary>The functions against those of the runtime in double precision, within the errors they promise.</summary>
[Trait("Category", "Kernels")]
public class ElementaryTests
{
    private const int Samples = 40_000;

    public static TheoryData<string> All => Forms.All;

    [Fact]
    public void Exponential() => Check(default(ExpFunction), Math.Exp, -87, 88.7f, relative: 3e-7, absolute: 0);

    [Fact]
    public void Logarithm()
    {
        Check(default(LogFunction), Math.Log, 1e-6f, 4, relative: 3e-7, absolute: 6e-8);
        Check(default(LogFunction), Math.Log, 4, 3e38f, relative: 3e-7, absolute: 0);
        Check(default(LogFunction), Math.Log, float.Epsilon, 1e-37f, relative: 3e-7, absolute: 0);
        Assert.Equal(float.NegativeInfinity, Value(default(LogFunction), 0));
        Assert.Equal(float.PositiveInfinity, Value(default(LogFunction), float.PositiveInfinity));
        Assert.Equal(float.NaN, Value(default(LogFunction), -1));
        Assert.Equal(float.NaN, Value(default(LogFunction), float.NaN));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void One_value_that_is_not_finite_is_found_wherever_it_is(string name)
    {
        KernelSet form = Forms.Get(name);
        for (int length = 0; length <= 130; length++)
        {
            float[] values = new float[length];
            Array.Fill(values, float.MaxValue);
            Assert.True(form.AreFinite(values));
            for (int i = 0; i < length; i++)
            {
                foreach (float value in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
                {
                    values[i] = value;
                    Assert.False(form.AreFinite(values), $"{value} at {i} of {length}");
                }
                values[i] = -float.MaxValue;
            }
        }
    }

    [Fact]
    public void Hyperbolic_tangent() => Check(default(TanhFunction), Math.Tanh, -12, 12, relative: 3e-7, absolute: 0);

    [Fact]
    public void Logistic_function() => Check(default(SigmoidFunction), x => 1 / (1 + Math.Exp(-x)), -80, 80, relative: 4e-7, absolute: 0);

    [Fact]
    public void Error_function()
    {
        Check(default(ErfFunction), Erf, -1, 1, relative: 3e-7, absolute: 0);
        Check(default(ErfFunction), Erf, -6, 6, relative: 0, absolute: 3e-7);
    }

    [Fact]
    public void Gaussian_units()
    {
        Check(default(GeluFunction), x => x / 2 * (1 + Erf(x / Math.Sqrt(2))), -8, 8, relative: 4e-7, absolute: 1e-6);
        Check(
            default(GeluTanhFunction),
            x => x / 2 * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))),
            -8,
            8,
            relative: 4e-7,
            absolute: 1e-6);
    }

    [Fact]
    public void Softplus() => Check(default(SoftplusFunction), x => Math.Log(1 + Math.Exp(x)), -15, 90, relative: 3e-7, absolute: 3e-7);

    [Fact]
    public void Infinite_arguments_give_the_limits()
    {
        Assert.Equal((0f, float.PositiveInfinity), (Value(default(ExpFunction), float.NegativeInfinity), Value(default(ExpFunction), 89)));
        Assert.Equal((-1f, 1f), (Value(default(TanhFunction), float.NegativeInfinity), Value(default(TanhFunction), float.PositiveInfinity)));
        Assert.Equal((0f, 1f), (Value(default(SigmoidFunction), float.NegativeInfinity), Value(default(SigmoidFunction), float.PositiveInfinity)));
        Assert.Equal((-1f, 1f), (Value(default(ErfFunction), float.NegativeInfinity), Value(default(ErfFunction), float.PositiveInfinity)));
    }

    [Theory]
    [InlineData(3, 2)]
    [InlineData(-3, 2)]
    [InlineData(-3, 3)]
    [InlineData(-2, -5)]
    [InlineData(2.5, 0.5)]
    [InlineData(-1.5, 0)]
    [InlineData(7, 1)]
    [InlineData(-2, 0.3)]
    [InlineData(0, 2.5)]
    [InlineData(0, 0)]
    [InlineData(0, -2)]
    [InlineData(1.7, 31)]
    public void Powers(float x, float exponent)
    {
        float[] result = new float[1];
        KernelSet.Current.Apply(new BinaryValue<PowFunction>(default), result, false, [x], [exponent]);
        double expected = Math.Pow(x, exponent);
        if (double.IsFinite(expected))
            Assert.Equal(expected, result[0], 2e-7 * Math.Abs(expected) * (1 + Math.Abs(exponent * Math.Log(Math.Abs(x) + 1e-30))));
        else
            Assert.Equal((float)expected, result[0]);
    }

    private static float Value<F>(F function, float x)
        where F : struct, IUnaryFunction
    {
        float[] result = new float[1];
        KernelSet.Current.Apply(new UnaryValue<F>(function), result, false, [x]);
        return result[0];
    }

    private static void Check<F>(F function, Func<double, double> formula, float from, float to, double relative, double absolute)
        where F : struct, IUnaryFunction
    {
        float[] x = [.. Enumerable.Range(0, Samples).Select(i => from + (float)((double)(to - from) * i / (Samples - 1)))];
        float[] y = new float[Samples];
        KernelSet.Current.Apply(new UnaryValue<F>(function), y, false, x);
        for (int i = 0; i < Samples; i++)
        {
            double expected = formula(x[i]);
            Assert.True(Math.Abs(y[i] - expected) <= relative * Math.Abs(expected) + absolute, $"f({x[i]:R}) = {y[i]:R}, not {expected:R}");
        }
    }

    // The series up to 3, the continued fraction (Abramowitz and Stegun, 7.1.14) beyond.
    private static double Erf(double x)
    {
        double size = Math.Abs(x);
        if (size < 3)
        {
            double term = size;
            double sum = size;
            for (int n = 1; n < 100; n++)
            {
                term *= -size * size / n;
                sum += term / (2 * n + 1);
            }
            return Math.Sign(x) * 2 / Math.Sqrt(Math.PI) * sum;
        }
        double fraction = size;
        for (int k = 60; k > 0; k--)
            fraction = size + k / 2.0 / fraction;
        return Math.Sign(x) * (1 - Math.Exp(-size * size) / Math.Sqrt(Math.PI) / fraction);
    }
}
