// Chooses the default learning rate of each method: dotnet run -c Release --project bench/Skiptune.LearningRates
// Only training images of Fashion-MNIST take part: 1024 to tune on and 2000 others to judge by, rotated by 75 degrees,
// other ones for each seed; no test image is read. Cosine schedule, rank 4, batch 20, 10 epochs.
using Skiptune;
using Skiptune.Data;
using Skiptune.FineTuning;
using Skiptune.Networks;
using Skiptune.Numerics;

const int Seeds = 3;
const int TuneOn = 1024;
const int JudgeBy = 2000;

string modelPath = args.Length > 0 ? args[0] : "assets/base-lenet.onnx";
Model model = Model.Load(modelPath);
DataSet images = FashionMnist.Load(FashionMnistSplit.Train);
(DataSet Tune, DataSet Judge)[] splits =
[
    .. Enumerable.Range(0, Seeds).Select(seed =>
    {
        int[] order = [.. Enumerable.Range(0, images.Count)];
        new SeededRandom(seed, stream: 99).Shuffle(order.AsSpan());
        return (Rotation.Rotate(images.Select(order.AsSpan(0, TuneOn)), 75), Rotation.Rotate(images.Select(order.AsSpan(TuneOn, JudgeBy)), 75));
    }),
];

float[] rates = [0.0005f, 0.001f, 0.002f, 0.005f, 0.01f, 0.02f, 0.03f, 0.05f, 0.1f, 0.2f, 0.5f];
Console.WriteLine($"| method | optimizer | {string.Join(" | ", rates)} | best |");
Console.WriteLine($"|---|---|{string.Concat(rates.Select(_ => "---|"))}---|");
foreach (FineTuneMethod method in FineTuneMethod.All.Where(method => !method.RequiresCache))
{
    foreach (Optimizer optimizer in (Optimizer[])[new Adam(), new Sgd()])
    {
        double[] scores = [.. rates.Select(rate => Score(method, optimizer with { LearningRate = rate }))];
        int best = Array.IndexOf(scores, scores.Max());
        Console.WriteLine($"| {method} | {optimizer.Name} | {string.Join(" | ", scores.Select(score => $"{100 * score:F1}"))} | {rates[best]} |");
    }
}

// The mean accuracy over the seeds; 0 where the loss stopped being a number.
double Score(FineTuneMethod method, Optimizer optimizer)
{
    double total = 0;
    for (int seed = 0; seed < Seeds; seed++)
    {
        CacheFormat cache = method == FineTuneMethod.FtLast || method == FineTuneMethod.LoraLast || method == FineTuneMethod.SkipLora ? CacheFormat.Float32 : CacheFormat.None;
        using FineTuner tuner = model.CreateFineTuner(new FineTuneOptions { Method = method, Optimizer = optimizer, Seed = seed, Cache = cache, Threads = 1 });
        try
        {
            total += model.WithAdapter(tuner.Fit(splits[seed].Tune).Adapter).Evaluate(splits[seed].Judge).Accuracy;
        }
        catch (SkiptuneException)
        {
            return 0;
        }
    }
    return total / Seeds;
}
