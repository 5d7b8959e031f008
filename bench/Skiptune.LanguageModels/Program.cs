using System.Diagnostics;
using System.Globalization;
using Skiptune.Data;
using Skiptune.FineTuning;
using Skiptune.Language.FineTuning;
using Skiptune.Language.Generation;
using Skiptune.Language.Models;
using Skiptune.Language.Weights;
using Skiptune.LanguageModels;

// What a model in the shape of SmolLM-135M costs: loading, reading a prompt and generation beside what the machine could do
// at best, and fine-tuning. Arguments: the weights' format (default Q8_0), tokens of a sequence (default 128), and the file
// stories260K.bin to measure that too.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
WeightFormat format = args.Length > 0 ? Enum.Parse<WeightFormat>(args[0]) : WeightFormat.Q8_0;
int length = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 128;

double bandwidth = Machine.Bandwidth();
double peak = Machine.Peak();
Console.WriteLine($"machine     {Environment.ProcessorCount} threads: memory {bandwidth / 1e9:F1} GB/s, fused multiply-adds {peak / 1e9:F0} GFLOP/s");
string path = Path.Combine(Path.GetTempPath(), $"skiptune-{Environment.ProcessId}.gguf");
try
{
    using (FileStream file = File.Create(path))
    {
        file.Write(RandomModel.Make(RandomModel.Shape135M, format));
        file.Flush(flushToDisk: true);
    }
    Load("cold", forget: true);
    Load("warm", forget: false);
    using DecoderModel model = DecoderModel.Load(path);
    Console.WriteLine($"model       {model.Weights.Count:N0} parameters in {format}, {model.Weights.Bytes / 1e6:N1} MB");
    int[] tokens = [.. Enumerable.Range(0, 2 * length + 1).Select(i => i * 7919 % model.Config.Vocabulary)];
    Generate(model, tokens);
    FineTune(model, tokens);
}
finally
{
    File.Delete(path);
}
if (args.Length > 2)
{
    using DecoderModel stories = DecoderModel.Load(args[2]);
    Console.WriteLine($"model       stories260K: {stories.Weights.Count:N0} parameters in F32, {stories.Weights.Bytes / 1e6:N2} MB");
    Generate(stories, [.. Enumerable.Range(0, length).Select(i => 3 + i * 7919 % (stories.Config.Vocabulary - 3))]);
}
else
{
    Console.WriteLine("model       stories260K not measured: its file is the third argument");
}

void Load(string state, bool forget)
{
    if (forget)
        Machine.Forget(path);
    DecoderModel? model = null;
    double open = Machine.Seconds(() => model = DecoderModel.Load(path));
    using TextGenerator generator = new(model!, capacity: 2);
    double first = Machine.Seconds(() => generator.Read([1]));
    Console.WriteLine($"loading     {state}: {1000 * open:F0} ms to open {new FileInfo(path).Length / 1e6:N1} MB, {1000 * first:F0} ms to the first token, which reads all of it");
    model!.Dispose();
}

// The best of some passes: what others do on the machine only adds.
void Generate(DecoderModel model, int[] tokens)
{
    const int Steps = 30;
    using TextGenerator generator = new(model, capacity: length + Steps);
    double prefill = double.MaxValue;
    double step = double.MaxValue;
    // Programs are made and compiled at their first use, and methods compiled again after some.
    for (int pass = 0; pass < 12; pass++)
    {
        generator.Clear();
        prefill = Math.Min(prefill, Machine.Seconds(() => generator.Read(tokens.AsSpan(0, length))));
        for (int i = 0; i < Steps; i++)
            step = Math.Min(step, Machine.Seconds(() => generator.Read(tokens.AsSpan(i, 1))));
    }
    // Of the embedding a row is looked up; of the output only the last place is computed.
    WeightMatrix output = model.Weights.Output ?? model.Weights.Embedding;
    long matrix = (long)output.Rows * output.Columns;
    long inner = model.Weights.Count - (model.Weights.Output is null ? 1 : 2) * matrix;
    double operations = 2.0 * length * inner + 2.0 * matrix;
    double least = (model.Weights.Bytes - (model.Weights.Output is null ? 0 : model.Weights.Embedding.Bytes)) / bandwidth;
    Console.WriteLine($"prefill     {length / prefill:N1} tokens/s, {operations / prefill / 1e9:F1} GFLOP/s in the weights' products: {100 * operations / prefill / peak:F1} % of the peak; reading the weights once takes {1000 * least:F3} ms of {1000 * prefill:F3}: {100 * least / prefill:F1} % of the memory's roofline");
    Console.WriteLine($"generation  {1 / step:N1} tokens/s, {1000 * step:F3} ms a token; reading the weights alone takes {1000 * least:F3} ms: {100 * least / step:F0} % of the roofline");
}

void FineTune(DecoderModel model, int[] tokens)
{
    DataSet data = TokenWindows.Of(tokens, length, null, model.Config.Vocabulary);
    List<double> steps = [];
    foreach (FineTuneMethod method in (FineTuneMethod[])[DecoderMethods.Skip2Lora(), DecoderMethods.LoraAll])
    {
        using FineTuner tuner = model.CreateFineTuner(length, new FineTuneOptions { Method = method, Rank = 8, Epochs = 3, BatchSize = 1 });
        FineTuneResult result = tuner.Fit(data);
        using Process process = Process.GetCurrentProcess();
        double step = result.StepSeconds / result.Losses.Count;
        steps.Add(step);
        Console.WriteLine(
            $"{method.Name}: {result.TrainableParameters:N0} parameters; a step {step:F3} s, {length / step:F1} tokens/s; filling {result.FillSeconds / data.Count:F3} s a sequence, cache {result.CacheBytes / data.Count:N0} bytes a sequence; plan {tuner.Plan.WorkingBytes / 1e6:N0} MB beside the weights; peak of the process so far {process.PeakWorkingSet64 / 1e6:N0} MB");
    }
    Console.WriteLine($"a step of lora-all takes {steps[1] / steps[0]:F1} times as long as one of skip2-lora");
}
