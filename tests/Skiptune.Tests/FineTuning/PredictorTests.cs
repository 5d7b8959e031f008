using Skiptune.Data;
using Skiptune.FineTuning;
using Skiptune.Numerics;

namespace Skiptune.Tests.FineTuning;

public class PredictorTests
{
    private static readonly Model s_model = new(GoldenFiles.PretrainedCnn());
    private static readonly DataSet s_data = GoldenFiles.RotatedSample("t10k").Take(40);

    [Fact]
    public void One_sample_at_a_time_gives_the_bits_of_all_at_once()
    {
        Tensor expected = s_model.Predict(s_data);
        Predictor predictor = s_model.CreatePredictor();
        float[] sample = new float[s_data.SampleShape.Count];
        int right = 0;
        for (int i = 0; i < s_data.Count; i++)
        {
            s_data.Read([i], sample);
            Assert.Equal(expected.Rows(i, 1).Span, predictor.Scores(sample));
            (int label, float probability) = predictor.Classify(sample);
            double[] shares = [.. expected.Rows(i, 1).Span.ToArray().Select(score => Math.Exp((double)score))];
            Assert.Equal(shares.Max() / shares.Sum(), probability, 1e-6);
            right += label == s_data.Labels[i] ? 1 : 0;
        }
        Assert.Equal(s_model.Evaluate(s_data).Accuracy, (double)right / s_data.Count, 1e-9);
    }

    [Fact]
    public void An_answer_allocates_nothing()
    {
        Predictor predictor = s_model.CreatePredictor();
        float[] sample = new float[s_data.SampleShape.Count];
        predictor.Classify(sample);
        long before = GC.GetAllocatedBytesForCurrentThread();
        predictor.Classify(sample);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Samples_of_another_length_and_answers_that_are_no_numbers_are_refused()
    {
        Predictor predictor = s_model.CreatePredictor();
        Assert.Throws<ArgumentException>(() => predictor.Classify(new float[3]));
        float[] huge = new float[s_data.SampleShape.Count];
        huge.AsSpan().Fill(float.MaxValue);
        Assert.Contains("not finite", Assert.Throws<SkiptuneException>(() => predictor.Classify(huge)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_adapter_survives_the_way_through_bytes()
    {
        using FineTuner tuner = s_model.CreateFineTuner(new FineTuneOptions { Epochs = 1 });
        Adapter adapter = tuner.Fit(s_data).Adapter;
        Adapter again = Adapter.FromContent(adapter.ToContent(), "somewhere");
        Assert.Equal(s_model.WithAdapter(adapter).Predict(s_data).Span, s_model.WithAdapter(again).Predict(s_data).Span);
        AdapterContent content = adapter.ToContent();
        content.Tensors[^1] ^= 1;
        Assert.StartsWith("somewhere", Assert.Throws<SkiptuneException>(() => Adapter.FromContent(content, "somewhere")).Message, StringComparison.Ordinal);
    }
}
