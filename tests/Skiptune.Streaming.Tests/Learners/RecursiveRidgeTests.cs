using FsCheck;
using FsCheck.Fluent;
using Skiptune.Numerics;
using Skiptune.Streaming.Learners;

namespace Skiptune.Streaming.Tests.Learners;

public sealed class RecursiveRidgeTests
{
    [Fact]
    public void Without_forgetting_it_is_ridge_regression() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(100), Prop.ForAll(Problem.Any, problem =>
    {
        RecursiveRidge learner = problem.Learner(forgetting: 1);
        problem.Feed(learner, problem.Batch);
        AssertClose(learner.Weights, problem.Solution(), problem);
        return true;
    }));

    [Fact]
    public void With_forgetting_it_is_weighted_ridge_regression() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(60), Prop.ForAll(Problem.Any, problem =>
    {
        foreach (float forgetting in new[] { 0.999f, 0.97f })
        {
            RecursiveRidge learner = problem.Learner(forgetting);
            problem.Feed(learner, problem.Batch);
            AssertClose(learner.Weights, problem.Solution(forgetting), problem);
        }
        return true;
    }));

    [Fact]
    public void One_by_one_and_in_batches_agree() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(60), Prop.ForAll(Problem.Any, problem =>
    {
        foreach (float forgetting in new[] { 1f, 0.999f, 0.97f })
        {
            RecursiveRidge one = problem.Learner(forgetting);
            RecursiveRidge several = problem.Learner(forgetting);
            problem.Feed(one, 1);
            problem.Feed(several, problem.Batch);
            AssertClose(several.Weights, Array.ConvertAll(one.Weights.ToArray(), value => (double)value), problem);
        }
        return true;
    }));

    [Fact]
    public void Every_form_of_the_kernels_gives_the_same_bits() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(20), Prop.ForAll(Problem.Any, problem =>
    {
        float[][] weights = [.. KernelSet.Available.Select(kernels =>
        {
            RecursiveRidge learner = problem.Learner(0.99f, kernels);
            problem.Feed(learner, problem.Batch);
            return learner.Weights.ToArray();
        })];
        Assert.All(weights, found => Assert.Equal(weights[0], found));
        return true;
    }));

    // A third of random samples, a third of one and the same (which winds up a covariance that forgets), a third of
    // random ones after another law.
    [Theory]
    [InlineData(1f)]
    [InlineData(0.999f)]
    [InlineData(0.9f)]
    public void A_million_updates_stay_finite_symmetric_bounded_and_right(float forgetting)
    {
        const int Inputs = 8;
        const float Ridge = 0.1f;
        RecursiveRidge learner = new(Inputs, 1, Ridge, forgetting);
        SeededRandom random = new(7);
        float[] h = new float[Inputs];
        double largest = 0;
        for (int sample = 0; sample < 1_000_000; sample++)
        {
            int part = sample / 333_334;
            if (part == 1)
                h.AsSpan().Fill(0.5f);
            else
                random.FillUniform(h, 1);
            float noise = 0.01f * (2 * random.NextSingle() - 1);
            learner.Learn(1, h, [(part == 2 ? -1 : 1) * (h[0] + 2 * h[1]) + noise]);
            if (sample % 9_973 == 0)
                largest = Math.Max(largest, LargestVariance(learner, Inputs));
        }
        float[] covariance = new float[Inputs * Inputs];
        learner.CopyCovariance(covariance);
        Assert.All(covariance, value => Assert.True(float.IsFinite(value)));
        for (int i = 0; i < Inputs; i++)
        {
            for (int j = 0; j < i; j++)
                Assert.Equal(covariance[i * Inputs + j], covariance[j * Inputs + i]);
        }
        double bound = forgetting < 1 ? 1 / (Inputs * (1 - forgetting) * Ridge * Math.Pow(forgetting, Inputs)) : 1 / Ridge;
        Assert.InRange(largest, 0, bound * 1.01);
        if (forgetting < 1)
        {
            // The ridge pulls by its share: 0.1 beside the squares of the last 1 / (1 - forgetting) samples.
            double share = Ridge / (1 / (1 - forgetting) / 3);
            Assert.Equal(-1, learner.Weights[0], 0.02 + 2 * share);
            Assert.Equal(-2, learner.Weights[1], 0.02 + 2 * share);
        }
        else
        {
            // What a million samples leave of the covariance, here known: 1/3 of the squares each, and 1/4 of the constant.
            Assert.Equal(1e6, learner.Count);
            Assert.Equal(1 / (666_666.0 / 3), covariance[0] - covariance[1], 1e-7);
        }
    }

    private static double LargestVariance(RecursiveRidge learner, int inputs)
    {
        float[] covariance = new float[inputs * inputs];
        learner.CopyCovariance(covariance);
        return Enumerable.Range(0, inputs).Max(i => covariance[i * (inputs + 1)]);
    }

    private static void AssertClose(ReadOnlySpan<float> found, double[] expected, Problem problem)
    {
        double error = RidgeReference.RelativeError(found, expected);
        Assert.True(error < 1e-4, $"{problem}: {error}");
    }
}
