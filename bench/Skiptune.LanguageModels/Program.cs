using System.Diagnostics;
using System.Globalization;
using Skiptune.Data;
using Skiptune.FineTuning;
using Skiptune.Language.FineTuning;
using Skiptune.Language.Generation;
using Skiptune.Language.Models;
using Skiptune.Language.Weights;
using Skiptune.LanguageModels;
using Skiptune.Numerics;

// What a model in the shape of SmolLM-135M costs: reading a prompt, generation beside what the memory could deliver, and
// fine-tuning. Arguments: the weights' format (default Q8_0), tokens of a sequence (default 128).
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
WeightFormat format = args.Length > 0 ? Enum.Parse<WeightFormat>(args[0]) : WeightFormat.Q8_0;
if (format is WeightFormat.F16 or WeightFormat.Q4_1)
    throw new ArgumentException("F32, BF16, Q8_0 and Q4_0 are measured");
int length = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 128;

Stopwatch clock = Stopwatch.StartNew();
using DecoderModel model = RandomModel.Create(RandomModel.Shape135M, format);
Console.WriteLine($"model       {model.Weights.Count:N0} parameters in {format}, {model.Weights.Bytes / 1e6:N1} MB; made in {clock.Elapsed.TotalSeconds:F1} s");
double bandwidth = Bandwidth();
Console.WriteLine($"memory      {bandwidth / 1e9:F1} GB/s read by {Environment.ProcessorCount} threads");

int[] tokens = [.. Enumerable.Range(0, 2 * length + 1).Select(i => i * 7919 % model.Config.Vocabulary)];
using (TextGenerator generator = new(model, capacity: length + 40))
{
    const int Steps = 30;
    double prefill = 0;
    double step = 0;
    // Programs are made and compiled at their first use, and methods compiled again after some.
    for (int pass = 0; pass < 4; pass++)
    {
        generator.Clear();
        prefill = Seconds(() => generator.Read(tokens.AsSpan(0, length)));
        step = Seconds(() =>
        {
            for (int i = 0; i < Steps; i++)
                generator.Read(tokens.AsSpan(i, 1));
        }) / Steps;
    }
    Console.WriteLine($"prefill     {length / prefill:F1} tokens/s, {2.0 * length * model.Weights.Count / prefill / 1e9:F1} GFLOP/s");
    double least = model.Weights.Bytes / bandwidth;
    Console.WriteLine($"generation  {1 / step:F1} tokens/s, {1000 * step:F1} ms a token; reading the weights alone takes {1000 * least:F1} ms: {100 * least / step:F0} % of the roofline");
}

DataSet data = TokenWindows.Of(tokens, length, null, model.Config.Vocabulary);
Dictionary<string, double> seconds = [];
foreach (FineTuneMethod method in (FineTuneMethod[])[DecoderMethods.Skip2Lora(), DecoderMethods.LoraAll])
{
    using FineTuner tuner = model.CreateFineTuner(length, new FineTuneOptions { Method = method, Rank = 8, Epochs = 3, BatchSize = 1 });
    FineTuneResult result = tuner.Fit(data);
    using Process process = Process.GetCurrentProcess();
    double step = result.StepSeconds / result.Losses.Count;
    seconds[method.Name] = step;
    Console.WriteLine(
        $"{method.Name}: {result.TrainableParameters:N0} parameters; a step {step:F3} s, {length / step:F1} tokens/s; filling {result.FillSeconds / data.Count:F3} s a sequence, cache {result.CacheBytes / data.Count:N0} bytes a sequence; plan {tuner.Plan.WorkingBytes / 1e6:N0} MB beside the weights; peak of the process so far {process.PeakWorkingSet64 / 1e6:N0} MB");
}
double[] steps = [.. seconds.Values];
Console.WriteLine($"a step of lora-all takes {steps[1] / steps[0]:F1} times as long as one of skip2-lora");

static double Seconds(Action work)
{
    Stopwatch clock = Stopwatch.StartNew();
    work();
    return clock.Elapsed.TotalSeconds;
}

// The best of some passes of all threads over memory that no cache holds.
static double Bandwidth()
{
    float[] values = new float[1 << 26];
    // Pages that were never written are all one page.
    values.AsSpan().Fill(1);
    using Workers workers = new();
    float[] sums = new float[workers.Count];
    double best = double.MaxValue;
    for (int pass = 0; pass < 5; pass++)
    {
        best = Math.Min(best, Seconds(() => workers.Run(share =>
        {
            (int start, int end) = workers.Share(values.Length, share);
            sums[share] = System.Numerics.Tensors.TensorPrimitives.Sum<float>(values.AsSpan(start, end - start));
        })));
    }
    return sizeof(float) * (double)values.Length / best;
}
