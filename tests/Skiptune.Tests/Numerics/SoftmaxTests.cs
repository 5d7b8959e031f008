using Skiptune.Numerics;

namespace Skiptune.Tests.Numerics;

[Trait("Category", "Kernels")]
public class SoftmaxTests
{
    private const int Samples = 60_000;

    public static TheoryData<string> All => Forms.All;

    [Theory]
    [MemberData(nameof(All))]
    public void Large_logits_do_not_overflow(string name)
    {
        KernelSet form = Forms.Get(name);
        Assert.Equal([0.5f, 0.5f], Softmax(form, 1000, 1000));
        Assert.Equal([1f, 0f, 0f], Softmax(form, 1e38f, -1e38f, 0).Select(p => p < 1e-37f ? 0 : p));
        Assert.Equal([0.5f, 0.5f], Softmax(form, -1e38f, -1e38f));
        Assert.Equal([0.5f, 0f, 0.5f], Softmax(form, 3, float.NegativeInfinity, 3).Select(p => p < 1e-37f ? 0 : p));
        Assert.Equal([1f], Softmax(form, -5));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Probabilities_are_those_of_the_formula(string name)
    {
        KernelSet form = Forms.Get(name);
        SeededRandom random = new(9);
        for (int n = 1; n <= 70; n++)
        {
            float[] logits = new float[n], probabilities = new float[n];
            random.FillUniform(logits, 30);
            (float maximum, float sum) = form.Softmax(logits, probabilities);
            double total = logits.Sum(logit => Math.Exp((double)logit - maximum));
            Assert.Equal(logits.Max(), maximum);
            Assert.Equal(1, sum / total, 1e-6);
            Assert.Equal(1, probabilities.Sum(p => (double)p), 1e-6);
            // A logit less the maximum, 60 at most, is rounded by up to 2e-6, which the exponential makes relative.
            for (int i = 0; i < n; i++)
                Assert.Equal(Math.Exp((double)logits[i] - maximum) / total, probabilities[i], 3e-6 * probabilities[i]);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void The_exponential_is_accurate(string name)
    {
        KernelSet form = Forms.Get(name);
        double worst = 0;
        float[] probabilities = new float[2];
        for (int i = 0; i <= Samples; i++)
        {
            // Beside a logit of 0, the quotient of the two probabilities is e^x, to two roundings.
            float x = -87f * i / Samples;
            form.Softmax([0, x], probabilities);
            worst = Math.Max(worst, Math.Abs((double)probabilities[1] / probabilities[0] / Math.Exp(x) - 1));
        }
        Assert.InRange(worst, 0, 3e-7);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void What_is_not_a_number_is_not_hidden(string name)
    {
        KernelSet form = Forms.Get(name);
        Assert.All(Softmax(form, 1, float.NaN, 2), p => Assert.True(float.IsNaN(p)));
        Assert.All(Softmax(form, 1, float.PositiveInfinity), p => Assert.False(float.IsFinite(p) && p > 1e-37f));

        float[] relu = new float[4];
        form.Relu([float.NaN, float.PositiveInfinity, float.NegativeInfinity, -1], relu);
        Assert.Equal([float.NaN, float.PositiveInfinity, 0, 0], relu);

        float[] pooled = new float[2];
        form.MaxPool(new Window(2, 2) { StrideX = 2 }, 2, 4, [1, float.NaN, 1, 2, 3, 4, float.NegativeInfinity, float.PositiveInfinity], pooled);
        Assert.Equal([float.NaN, float.PositiveInfinity], pooled);
    }

    private static float[] Softmax(KernelSet form, params float[] logits)
    {
        float[] probabilities = new float[logits.Length];
        form.Softmax(logits, probabilities);
        return probabilities;
    }
}
