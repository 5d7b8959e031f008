using Skiptune.Hardware.Adapters;
using Skiptune.Hardware.Arithmetic;
using Skiptune.Hardware.Simulation;
using Skiptune.Numerics;

namespace Skiptune.Hardware.Tests;

/// <summary>The parts of the adapter engine against the parts of the integer model, at corners, saturated and random.</summary>
public sealed class AdapterModuleTests
{
    private const int Cases = 40;
    private static readonly int s_layers = LayerTable.Taps.Length;

    public static TheoryData<int> Lanes => [.. UnitBench.Lanes];

    public static TheoryData<int, int> Heads => new(UnitBench.Heads);

    [Theory]
    [MemberData(nameof(Lanes))]
    public void Dot_product(int lanes)
    {
        using RtlModule module = Modules.Open("dot_product", ("LANES", lanes));
        SeededRandom random = new(lanes);
        AcceleratorOptions options = new() { Lanes = lanes, Rank = 1 };
        const int Count = 400;
        // All corners of the masters with all corners of the words.
        (AdapterModel Model, CacheWord Word, int Row)[] cases = [.. Enumerable.Range(0, Count).Select(i =>
            (new AdapterModel(Vectors.State(random, options, Vectors.KindOf(i / 4))), Vectors.Word(random, lanes, Vectors.KindOf(i % 4)), random.NextInt32(LayerTable.Words(lanes))))];
        Modules.Pipe(module, Count, int.Log2(lanes) + 3, i =>
        {
            (AdapterModel model, CacheWord word, int row) = cases[Math.Min(i, Count - 1)];
            module.Set("i_copies", [.. Enumerable.Range(0, lanes).Select(lane => AdapterModel.Copy(model.State.Down[row, 0, lane]))]);
            module.Set("i_levels", word.Levels());
            module["i_scale"] = word.Scale;
        }, i => Assert.Equal(cases[i].Model.WordProduct(cases[i].Word, cases[i].Row, 0), module.Signed("o_product")));
    }

    [Theory]
    [MemberData(nameof(Lanes))]
    public void Gradient_lanes(int lanes)
    {
        using RtlModule module = Modules.Open("gradient_lanes", ("LANES", lanes));
        SeededRandom random = new(lanes);
        AcceleratorOptions options = new() { Lanes = lanes, Rank = 1 };
        for (int n = 0; n < Cases; n++)
        {
            AdapterModel model = new(Vectors.State(random, options, Vectors.KindOf(n / 4)));
            int batch = n % 4 < 3 ? 32 : 1 + random.NextInt32(32);
            CacheWord[] words = [.. Enumerable.Range(0, batch).Select(_ => Vectors.Word(random, lanes, Vectors.KindOf(n % 4)))];
            int[] gradients = [.. words.Select(_ => (int)Vectors.Signed(random, Formats.BlockGradientBits, Vectors.KindOf(n % 5)))];
            int[] masters = Row(model);
            for (int s = 0; s < batch;)
            {
                bool valid = random.NextInt32(4) > 0;
                module["i_valid"] = valid ? 1 : 0;
                module["i_first"] = s == 0 ? 1 : 0;
                module["i_last"] = s == batch - 1 ? 1 : 0;
                // In a gap anything may lie at the port.
                module["i_gradient"] = valid ? gradients[s] : 77;
                module.Set("i_levels", words[s].Levels());
                module.Set("i_masters", Enumerable.Repeat(-1, lanes).ToArray());
                module.Step();
                s += valid ? 1 : 0;
            }
            module["i_valid"] = 0;
            module.Step();
            module.Set("i_masters", masters);
            module.Step();
            module.Set("i_masters", Enumerable.Repeat(5, lanes).ToArray());
            module.Step();
            model.UpdateDownWord(0, 0, words, gradients);
            Assert.Equal(Row(model), module.GetSigned("o_masters", lanes));
            module.Step(3);
            Assert.Equal(Row(model), module.GetSigned("o_masters", lanes));
        }

        int[] Row(AdapterModel model) => [.. Enumerable.Range(0, lanes).Select(lane => model.State.Down[0, 0, lane])];
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(8)]
    public void Hidden_sums(int rank)
    {
        const int TermBits = 33;
        const int Batch = 32;
        using RtlModule module = Modules.Open("hidden_sums", ("RANK", rank), ("TERM", TermBits));
        SeededRandom random = new(rank);
        for (int n = 0; n < 10; n++)
        {
            // 37 words are the most that a layer has with 32 lanes.
            int words = n < 4 ? 37 : 1 + random.NextInt32(37);
            long[][][] terms = [.. Enumerable.Range(0, words).Select(_ => Enumerable.Range(0, Batch).Select(_ =>
                Enumerable.Range(0, rank).Select(_ => Vectors.Signed(random, n == 3 ? 20 : TermBits, n == 3 ? Vectors.Kind.Random : Vectors.KindOf(n))).ToArray()).ToArray())];
            Modules.Pipe(module, words * Batch, 2, i =>
            {
                module["i_valid"] = i < words * Batch ? 1 : 0;
                module["i_first"] = i / Batch == 0 ? 1 : 0;
                module["i_sample"] = i % Batch;
                if (i < words * Batch)
                    module.Set("i_terms", terms[i / Batch][i % Batch]);
            }, i =>
            {
                if (i / Batch == words - 1)
                    Assert.Equal(Enumerable.Range(0, rank).Select(r => AdapterModel.RoundHidden(terms.Sum(word => word[i % Batch][r]))), module.GetSigned("o_hidden", rank));
            });
        }
    }

    [Theory]
    [MemberData(nameof(Heads))]
    public void Scores(int rank, int classes)
    {
        using RtlModule module = Modules.Open("scores", ("RANK", rank), ("CLASSES", classes));
        SeededRandom random = new(classes);
        int tree = int.Log2(2 * rank - 1);
        for (int n = 0; n < Cases; n++)
        {
            (AdapterModel model, int[][,] hidden, _) = Batch(random, rank, classes, n);
            short[][] scores = [.. hidden.Select(_ => Enumerable.Range(0, classes).Select(_ => (short)Vectors.Signed(random, Formats.BaseScoreBits, Vectors.KindOf(n % 5))).ToArray())];
            int batch = hidden.Length;
            Modules.Pipe(module, s_layers * batch, tree + 3, i =>
            {
                (int k, int s) = (Math.Min(i / batch, s_layers - 1), i % batch);
                module["i_valid"] = i < s_layers * batch ? 1 : 0;
                module["i_first"] = k == 0 ? 1 : 0;
                module["i_sample"] = s;
                module.Set("i_copies", Up(model, k, AdapterModel.Copy));
                module.Set("i_hidden", [.. Enumerable.Range(0, rank).Select(r => hidden[s][k, r])]);
                int late = i - tree - 2;
                module.Set("i_base", [.. Enumerable.Range(0, classes).Select(c => late >= 0 && late < batch ? scores[late][c] : 12345)]);
            }, i =>
            {
                if (i / batch == s_layers - 1)
                    Assert.Equal(model.Scores(scores[i % batch], hidden[i % batch]), module.GetSigned("o_scores", classes).Select(score => (long)score));
            });
        }
    }

    [Theory]
    [MemberData(nameof(Heads))]
    public void Backward(int rank, int classes)
    {
        using RtlModule module = Modules.Open("backward", ("RANK", rank), ("CLASSES", classes));
        SeededRandom random = new(classes);
        int latency = int.Log2(2 * classes - 1) + 2;
        for (int n = 0; n < Cases; n++)
        {
            (AdapterModel model, int[][,] hidden, int[][] gradients) = Batch(random, rank, classes, n);
            int batch = hidden.Length;
            AdapterModel after = new(model.State.Clone());
            after.UpdateUp(hidden, gradients);
            int written = 0;
            for (int cycle = 0; cycle < s_layers * batch + latency + 4; cycle++)
            {
                (int k, int s) = (Math.Min(cycle / batch, s_layers - 1), cycle % batch);
                module["i_valid"] = cycle < s_layers * batch ? 1 : 0;
                module["i_first"] = s == 0 ? 1 : 0;
                module["i_last"] = s == batch - 1 ? 1 : 0;
                module.Set("i_gradient", gradients[s]);
                module.Set("i_hidden", [.. Enumerable.Range(0, rank).Select(r => hidden[s][k, r])]);
                module.Set("i_copies", Up(model, k, AdapterModel.Copy));
                module.Set("i_masters", Up(model, Math.Clamp((cycle - 2) / batch, 0, s_layers - 1), master => master));
                module.Step();
                int done = cycle - latency + 1;
                if (done >= 0 && done < s_layers * batch)
                    Assert.Equal(Enumerable.Range(0, rank).Select(r => model.HiddenGradient(gradients[done % batch])[done / batch, r]), module.GetSigned("o_hidden_gradient", rank));
                Assert.Equal(cycle - 3 >= 0 && cycle - 3 < s_layers * batch && (cycle - 3) % batch == batch - 1 ? 1 : 0, module["o_write"]);
                if (module["o_write"] == 1)
                    Assert.Equal(Up(after, written++, master => master), module.GetSigned("o_masters", rank * classes));
            }
            Assert.Equal(s_layers, written);
        }
    }

    // Masters at a corner with h and gradients at a corner, in all combinations; then random.
    private static (AdapterModel Model, int[][,] Hidden, int[][] Gradients) Batch(SeededRandom random, int rank, int classes, int n)
    {
        AdapterModel model = new(Vectors.State(random, new AcceleratorOptions { Lanes = 64, Rank = rank, Classes = classes }, Vectors.KindOf(n / 4)));
        int batch = n % 4 < 3 ? 32 : 1 + random.NextInt32(32);
        int[][,] hidden = [.. Enumerable.Range(0, batch).Select(_ =>
        {
            int[,] h = new int[s_layers, rank];
            for (int k = 0; k < s_layers; k++)
            {
                for (int r = 0; r < rank; r++)
                    h[k, r] = (int)Vectors.Signed(random, Formats.HiddenBits, Vectors.KindOf(n % 4));
            }
            return h;
        })];
        int[][] gradients = [.. hidden.Select(_ => Enumerable.Range(0, classes).Select(_ => (int)Vectors.Signed(random, Formats.GradientBits, Vectors.KindOf(n % 5))).ToArray())];
        return (model, hidden, gradients);
    }

    private static int[] Up(AdapterModel model, int k, Func<int, int> value)
    {
        (int classes, int rank) = (model.State.Options.Classes, model.State.Options.Rank);
        return [.. Enumerable.Range(0, classes * rank).Select(i => value(model.State.Up[k, i / rank, i % rank]))];
    }
}
