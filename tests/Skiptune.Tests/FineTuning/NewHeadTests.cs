using Skiptune.Data;
using Skiptune.FineTuning;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.Tests.FineTuning;

public class NewHeadTests
{
    [Fact]
    public void Ridge_regression_solves_the_normal_equations()
    {
        const int Features = 9;
        const int Targets = 3;
        const int Samples = 40;
        SeededRandom random = new(1);
        float[,] x = new float[Samples, Features];
        float[,] t = new float[Samples, Targets];
        Ridge ridge = new(Features, Targets);
        for (int s = 0; s < Samples; s++)
        {
            float[] row = new float[Features], target = new float[Targets];
            random.FillUniform(row, 2);
            random.FillUniform(target, 1);
            for (int i = 0; i < Features; i++)
                x[s, i] = row[i] += 1;
            for (int j = 0; j < Targets; j++)
                t[s, j] = target[j];
            ridge.Add(row, target);
        }
        float[] weight = new float[Targets * Features], bias = new float[Targets];
        ridge.Solve(0.1, weight, bias);

        // At the minimum: sum of residuals is zero, and X^T residual + lambda W is zero.
        double variance = 0;
        for (int i = 0; i < Features; i++)
        {
            double mean = Enumerable.Range(0, Samples).Average(s => (double)x[s, i]);
            variance += Enumerable.Range(0, Samples).Sum(s => (x[s, i] - mean) * (x[s, i] - mean));
        }
        double lambda = 0.1 * variance / Features;
        for (int j = 0; j < Targets; j++)
        {
            double[] residual = [.. Enumerable.Range(0, Samples).Select(s => Enumerable.Range(0, Features).Sum(i => (double)weight[j * Features + i] * x[s, i]) + bias[j] - t[s, j])];
            Assert.Equal(0, residual.Sum(), 1e-4);
            for (int i = 0; i < Features; i++)
                Assert.Equal(0, Enumerable.Range(0, Samples).Sum(s => residual[s] * x[s, i]) + lambda * weight[j * Features + i], 1e-4);
        }
    }

    [Theory]
    [InlineData("skip2-lora", HeadStart.Ridge)]
    [InlineData("skip2-lora", HeadStart.Zero)]
    [InlineData("ft-last", HeadStart.Ridge)]
    [InlineData("lora-all", HeadStart.Zero)]
    public void A_model_learns_other_classes(string method, HeadStart start)
    {
        // Five classes for a model of three: the data's three, two of them split by the sign of a value.
        TensorDataSet data = SmallNetworks.Data(200);
        float[] sample = new float[72];
        int[] labels = new int[data.Count];
        for (int i = 0; i < labels.Length; i++)
        {
            data.Read([i], sample);
            labels[i] = data.Labels[i] == 0 ? 0 : 2 * data.Labels[i] - (sample[70] > 0 ? 1 : 0);
        }
        float[] all = new float[data.Count * 72];
        data.Read([.. Enumerable.Range(0, data.Count)], all);
        TensorDataSet five = new(new Tensor(new Shape(data.Count, 2, 6, 6), all), labels, 5);

        Model model = new(SmallNetworks.Branched());
        Assert.Throws<SkiptuneException>(() => model.Evaluate(five));
        using FineTuner tuner = model.CreateFineTuner(new FineTuneOptions { Method = FineTuneMethod.Parse(method), Classes = 5, HeadStart = start, Epochs = 15 });
        FineTuneResult result = tuner.Fit(five);
        Evaluation tuned = model.WithAdapter(result.Adapter).Evaluate(five);
        Assert.True(tuned.Accuracy > 0.55, $"{tuned}");
        Assert.True(result.FinalLoss < result.Losses[0]);
        string folder = Directory.CreateTempSubdirectory("skiptune").FullName;
        result.Adapter.Save(folder);
        Assert.Equal(tuned, model.WithAdapter(Adapter.Load(folder)).Evaluate(five));
        Directory.Delete(folder, recursive: true);
    }
}
