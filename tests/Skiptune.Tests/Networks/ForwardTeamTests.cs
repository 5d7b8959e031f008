using Skiptune.Data;
using Skiptune.FineTuning;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.Tests.Networks;

public sealed class ForwardTeamTests
{
    private const int Most = 131;

    private static readonly Graph Cnn = InferencePasses.Apply(ReferenceCnn.Create(seed: 3));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(Most)]
    public void A_samples_bits_depend_neither_on_the_threads_nor_on_the_others(int samples)
    {
        Tensor x = new(new Shape(samples, 1, 28, 28));
        new SeededRandom(1, 2).FillUniform(x.Span, 1);
        DataSet data = new TensorDataSet(x, new int[samples], 10);
        float[] alone = Predict(data, 1);
        Assert.Equal(Predict(new TensorDataSet(x.Rows(samples - 1, 1), new int[1], 10), 1), alone[^10..]);
        for (int threads = 2; threads < 6; threads++)
            Assert.Equal(alone, Predict(data, threads));
    }

    [Fact]
    public void Programs_of_one_team_share_prepared_weights()
    {
        using Workers workers = new(3);
        ForwardTeam team = ForwardTeam.Compile(Cnn, Most, new ProgramContext(KernelSet.Current, workers));
        Assert.Equal(3, team.Count);
        ProgramContext context = new(KernelSet.Current, workers);
        Tensor weight = new(new Shape(2, 3));
        Assert.Same(context.ForOneThread().Turned(weight), context.ForOneThread().Turned(weight));
        Assert.Same(team.Program(0).Value("dense1.weight"), team.Program(2).Value("dense1.weight"));
    }

    private static float[] Predict(DataSet data, int threads)
    {
        using Workers workers = new(threads);
        return Evaluator.Predict(Cnn, Cnn.Outputs[0], data, new ProgramContext(KernelSet.Current, workers), CancellationToken.None).Span.ToArray();
    }
}
