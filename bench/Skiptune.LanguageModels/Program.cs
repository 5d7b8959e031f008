using System.Diagnostics;
using System.Globalization;
using Skiptune.Language.Generation;
using Skiptune.Language.Models;
using Skiptune.Language.Weights;
using Skiptune.LanguageModels;
using Skiptune.Numerics;
WeightFormat format = args.Length > 0 ? Enum.Parse<WeightFormat>(args[0]) : WeightFormat.Q8_0;
using DecoderModel model = RandomModel.Create(RandomModel.Shape135M, format);
static double Seconds(Action work) { Stopwatch clock = Stopwatch.StartNew(); work(); return clock.Elapsed.TotalSeconds; }
float[] x = new float[1536]; float[] y = new float[49152]; for (int i = 0; i < 1536; i++) x[i] = i * 0.001f - .7f;
WeightMatrix[] all = [model.Weights.Embedding, .. model.Weights.Blocks.SelectMany(b => (WeightMatrix[])[b.Query.Weight, b.Key.Weight, b.Value.Weight, b.Attention, b.Gate, b.Up, b.Down])];
for (int pass = 0; pass < 6; pass++)
{
    double one = Seconds(() => { foreach (WeightMatrix m in all) m.Multiply(KernelSet.Current, 1, x, y, 0, m.Rows); });
    double emb = Seconds(() => all[0].Multiply(KernelSet.Current, 1, x, y, 0, all[0].Rows));
    Console.WriteLine($"all weights one thread {1000 * one:F2} ms, embedding {1000 * emb:F2}");
}
foreach (KernelSet k in KernelSet.Available)
    for (int pass = 0; pass < 4; pass++)
    {
        double emb = 1e9; for (int i = 0; i < 10; i++) emb = Math.Min(emb, Seconds(() => all[1].Multiply(k, 1, x, y, 0, all[1].Rows)));
        if (pass == 3) Console.WriteLine($"{k}: query weights {all[1].Rows * 576 / emb / 1e9:F2} GMAC/s");
    }
foreach (int threads in (int[])[1, 2])
{
    using TextGenerator generator = new(model, capacity: 168, threads: threads);
    for (int pass = 0; pass < 6; pass++)
    {
        generator.Clear();
        generator.Read([1, 2, 3, 4]);
        double t = Seconds(() => { for (int i = 0; i < 30; i++) generator.Read([5]); }) / 30;
        double best = 1e9;
        for (int i = 0; i < 30; i++) best = Math.Min(best, Seconds(() => generator.Read([5])));
        Console.WriteLine($"threads {threads}: {1000 * t:F2} ms a token, best {1000 * best:F2}");
    }
}
{
    using TextGenerator generator = new(model, capacity: 168, threads: 1);
    generator.Read([1, 2, 3, 4]); generator.Read([5]);
    object programs = typeof(TextGenerator).GetField("_programs", System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance)!.GetValue(generator)!;
    Skiptune.Networks.GraphProgram program = ((Dictionary<int, Skiptune.Networks.GraphProgram>)programs)[1];
    var ops = (Skiptune.Networks.BoundOp[])typeof(Skiptune.Networks.GraphProgram).GetField("_forward", System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance)!.GetValue(program)!;
    double[] mins = new double[ops.Length]; Array.Fill(mins, 1e9);
    for (int pass = 0; pass < 200; pass++)
        for (int i = 0; i < ops.Length; i++)
            mins[i] = Math.Min(mins[i], Seconds(ops[i].Forward));
    Console.WriteLine($"sum of min {1000 * mins.Sum():F2} ms");
    foreach (var g in ops.Select((o, i) => (o.GetType().FullName, mins[i])).GroupBy(p => p.FullName).OrderByDescending(g => g.Sum(p => p.Item2)))
        Console.WriteLine($"{g.Key}: {g.Count()} {1000 * g.Sum(p => p.Item2):F3} ms, last {1e6 * g.Last().Item2:F1} us");
}
