using Skiptune.Numerics;
using Skiptune.Streaming.Learners;

namespace Skiptune.Streaming.Tests.Learners;

public sealed class OsElmTests
{
    private static readonly OsElmOptions s_options = new() { Features = 2, Outputs = 1, Hidden = 40, Ridge = 0.01f };

    [Theory]
    [InlineData(HiddenActivation.Tanh)]
    [InlineData(HiddenActivation.Sigmoid)]
    [InlineData(HiddenActivation.Relu)]
    public void It_learns_a_function_from_samples_it_sees_once(HiddenActivation activation)
    {
        OsElm network = new(s_options with { Activation = activation });
        SeededRandom random = new(3);
        float[] x = new float[2];
        for (int sample = 0; sample < 3000; sample++)
        {
            random.FillUniform(x, 1);
            network.Learn(x, [Target(x)]);
        }
        double error = 0;
        float[] y = new float[1];
        for (int sample = 0; sample < 300; sample++)
        {
            random.FillUniform(x, 1);
            network.Predict(x, y);
            error += Math.Abs(y[0] - Target(x)) / 300;
        }
        Assert.InRange(error, 0, 0.06); // the mean is 0.3 from its middle

        static float Target(float[] x) => MathF.Sin(2 * x[0]) * x[1];
    }

    [Fact]
    public void It_learns_classes()
    {
        OsElm network = new(s_options with { Outputs = 3 });
        SeededRandom random = new(4);
        float[] x = new float[2];
        int right = 0;
        for (int sample = 0; sample < 2000; sample++)
        {
            random.FillUniform(x, 1);
            int label = x[0] * x[1] > 0.1f ? 0 : x[0] > 0 ? 1 : 2;
            right += sample >= 1500 && network.Classify(x) == label ? 1 : 0;
            network.LearnClass(x, label);
        }
        Assert.InRange(right, 450, 500);
    }

    [Fact]
    public void Several_samples_at_once_are_several_samples()
    {
        OsElm one = new(s_options with { Forgetting = 0.99f });
        OsElm several = new(s_options with { Forgetting = 0.99f });
        SeededRandom random = new(5);
        float[] x = new float[2 * 100];
        random.FillUniform(x, 1);
        float[] y = new float[100];
        random.FillUniform(y, 1);
        for (int i = 0; i < 100; i++)
            one.Learn(x.AsSpan(2 * i, 2), y.AsSpan(i, 1));
        several.Learn(x, y);
        Assert.Equal(100, several.Count);
        float[] a = new float[100];
        float[] b = new float[100];
        one.Predict(x, a);
        several.Predict(x, b);
        Assert.Equal(a, b, (left, right) => Math.Abs(left - right) < 1e-4);
    }

    [Fact]
    public void State_goes_on_bit_for_bit()
    {
        float[] x = [0.3f, -0.4f];
        OsElm trained = new(s_options with { Forgetting = 0.99f });
        for (int i = 0; i < 50; i++)
            trained.Learn([i * 0.02f, 1 - i * 0.03f], [i]);
        States.AssertResumable(trained, new OsElm(trained.Options), new OsElm(s_options), network => network.Learn(x, [1]));
    }

    [Fact]
    public void Nothing_is_allocated()
    {
        OsElm network = new(s_options with { Forgetting = 0.99f });
        float[] x = [0.3f, -0.4f, 0.1f, 0.2f];
        float[] y = [1, 2];
        States.AssertAllocatesNothing(() =>
        {
            network.Learn(x, y);
            network.Predict(x, y);
        });
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(-1e30f)]
    public void Values_that_are_no_numbers_teach_nothing(float value)
    {
        OsElm network = new(s_options);
        network.Learn([0.1f, 0.2f], [1]);
        byte[] before = States.Bytes(network);
        Assert.Throws<ArgumentException>(() => network.Learn([0.1f, value], [1]));
        Assert.Throws<ArgumentException>(() => network.Learn([0.1f, 0.2f], [value]));
        Assert.Throws<ArgumentException>(() => network.Learn([0.1f], [1]));
        Assert.Throws<ArgumentException>(() => network.Learn([0.1f, 0.2f], [1, 2]));
        Assert.Equal(before, States.Bytes(network));
    }

    [Fact]
    public void The_largest_values_stay_finite()
    {
        OsElm network = new(s_options with { Activation = HiddenActivation.Identity, Ridge = 1e-6f, Forgetting = 0.5f });
        SeededRandom random = new(6);
        for (int i = 0; i < 5000; i++)
        {
            float size = MathF.Pow(10, random.NextInt32(25) - 12);
            network.Learn([size * random.NextSingle(), -size], [size]);
        }
        float[] y = new float[1];
        network.Predict([1, 1], y);
        Assert.True(float.IsFinite(y[0]));
    }

    [Theory]
    [InlineData(0, 1, 64, 1, 1)]
    [InlineData(2, 0, 64, 1, 1)]
    [InlineData(2, 1, 0, 1, 1)]
    [InlineData(2, 1, 64, 0, 1)]
    [InlineData(2, 1, 64, float.NaN, 1)]
    [InlineData(2, 1, 64, 1, 1.01f)]
    [InlineData(2, 1, 64, 1, 0)]
    public void Options_out_of_range_are_refused(int features, int outputs, int hidden, float ridge, float forgetting) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new OsElm(new OsElmOptions { Features = features, Outputs = outputs, Hidden = hidden, Ridge = ridge, Forgetting = forgetting }));
}
