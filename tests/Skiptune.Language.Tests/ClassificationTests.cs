using System.Collections.Immutable;
using System.Globalization;
using Skiptune.Data;
using Skiptune.FineTuning;
using Skiptune.Language.Classification;
using Skiptune.Language.Comparison;
using Skiptune.Language.FineTuning;
using Skiptune.Language.Models;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.Language.Tests;

/// <summary>Classes of texts: pooled states, what is learnt of them, and its files.</summary>
public class ClassificationTests
{
    private static readonly string[] Words = ["red", "blue", "a longer one", "x", "four"];

    [Theory]
    [InlineData(Pooling.Mean)]
    [InlineData(Pooling.Last)]
    public void Pooled_states_are_those_of_the_decoders_values(Pooling pooling)
    {
        using DecoderModel model = Decoders.Random(Decoders.Tiny, tied: true, biases: true);
        int[][] tokens = [[5], [7, 9, 11, 200], [.. Enumerable.Range(3, 27)], [4, 4, 4, 4, 4, 4, 4, 4, 4]];
        int width = model.Config.Width;
        using Workers workers = new(2);
        Tensor states = TokenRuns.States(model, tokens, pooling, new ProgramContext(KernelSet.Current, workers), TestContext.Current.CancellationToken);
        string[] names = [.. Enumerable.Range(0, model.Config.Blocks).Select(DecoderNames.BlockInput), DecoderNames.Norm];
        Assert.Equal(names.Length * width, states.Shape[1]);
        for (int text = 0; text < tokens.Length; text++)
        {
            // Without places that fill up, and with the mean taken here.
            Dictionary<string, float[]> values = Stories.Run(DecoderGraph.Build(model, tokens[text].Length), tokens[text], names);
            for (int state = 0; state < names.Length; state++)
            {
                double[] expected = new double[width];
                int first = pooling == Pooling.Last ? tokens[text].Length - 1 : 0;
                for (int place = first; place < tokens[text].Length; place++)
                {
                    for (int i = 0; i < width; i++)
                        expected[i] += (double)values[names[state]][place * width + i] / (tokens[text].Length - first);
                }
                Stories.AssertClose([.. expected.Select(value => (float)value)], states.Rows(text, 1).Span.Slice(state * width, width), 1e-5f);
            }
        }
    }

    [Fact]
    public void A_text_without_tokens_has_states_of_zeros()
    {
        using DecoderModel model = Decoders.Random(Decoders.Tiny, tied: true, biases: false);
        using Workers workers = new(1);
        Tensor states = TokenRuns.States(model, [[], [5]], Pooling.Mean, new ProgramContext(KernelSet.Current, workers), TestContext.Current.CancellationToken);
        Assert.All(states.Rows(0, 1).Span.ToArray(), value => Assert.Equal(0, value));
        Assert.Contains(states.Rows(1, 1).Span.ToArray(), value => value != 0);
    }

    [Theory]
    [InlineData("lora-all", Pooling.Mean, HeadStates.Last)]
    [InlineData("lora-all", Pooling.Last, HeadStates.All)]
    [InlineData("ft-all", Pooling.Mean, HeadStates.All)]
    [InlineData("skip2-lora", Pooling.Mean, HeadStates.Last)]
    [InlineData("skip2-lora", Pooling.Mean, HeadStates.All)]
    [Trait("Category", "Kernels")]
    public void Gradients_are_those_of_differences(string name, Pooling pooling, HeadStates head)
    {
        DecoderConfig config = Decoders.Tiny with { Vocabulary = 23, Width = 16, Hidden = 24, KeyValueHeads = 1 };
        using DecoderModel model = Decoders.Random(config, tied: false, biases: true);
        bool skip = name == "skip2-lora";
        ClassifierMethod method = (ClassifierMethod)ClassifierMethods.Parse(name, withFtLast: skip);
        Graph graph = skip ? ClassifierGraph.OverStates(model, head) : ClassifierGraph.Whole(model, 7, pooling, head, method.Weights);
        AdaptedGraph adapted = method.Adapt(graph, new AdapterOptions(2, 4, Seed: 3) { Classes = 5 });
        SeededRandom random = new(4);
        Dictionary<string, Tensor> values = adapted.Trained.ToDictionary(value => value, value => adapted.Graph.Constants[value].Clone());
        // Zeros at the start, behind which nothing would have a gradient.
        foreach (Tensor value in values.Where(pair => pair.Key.Contains("_B.", StringComparison.Ordinal) || pair.Key == NewHead.Weight).Select(pair => pair.Value))
            random.FillUniform(value.Span, 0.3f);
        FiniteDifferences.Check(adapted.WithValues(values), [.. adapted.Trained], batch: 2, program =>
        {
            SeededRandom inputs = new(5);
            Tensor input = program.Value(graph.Inputs[0].Name);
            if (skip)
            {
                inputs.FillUniform(input.Span, 1);
                return;
            }
            // The second text is shorter.
            for (int i = 0; i < input.Span.Length; i++)
                input.Span[i] = i < 11 ? inputs.NextInt32(config.Vocabulary) : TokenWindows.Filler;
        }, step: 3e-3f);
    }

    [Theory]
    [InlineData("ft-last", HeadStates.Last)]
    [InlineData("ft-last", HeadStates.All)]
    [InlineData("skip2-lora", HeadStates.Last)]
    [InlineData("skip-lora", HeadStates.All)]
    [InlineData("lora-all", HeadStates.Last)]
    [InlineData("ft-all", HeadStates.All)]
    public void A_method_learns_and_its_classifier_comes_back_from_its_files(string name, HeadStates head)
    {
        using DecoderModel model = Decoders.Random(Decoders.Tiny, tied: true, biases: false);
        using TempFolder folder = new();
        ClassifierSettings settings = new() { Name = name, Head = head, MostTokens = 20 };
        using ClassifierTuner tuner = new(model, Texts(), settings, new FineTuneOptions { Epochs = 30, BatchSize = 8, Optimizer = new Adam { LearningRate = 0.01f } });
        (TextClassifier classifier, FineTuneResult result) = tuner.Fit(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(1, classifier.Evaluate(Texts(), cancellationToken: TestContext.Current.CancellationToken).Accuracy);
        Assert.Equal(name is "ft-last" or "skip2-lora", result.CacheBytes > 0);
        classifier.Save(folder.Path);
        TextClassifier loaded = TextClassifier.Load(model, folder.Path);
        Assert.Equal(settings, loaded.Settings);
        Assert.Equal(Words.Order(StringComparer.Ordinal), loaded.ClassNames);
        ClassifiedText[] before = [.. classifier.Predict([.. Words, "something else"], cancellationToken: TestContext.Current.CancellationToken)];
        ClassifiedText[] after = [.. loaded.Predict([.. Words, "something else"], cancellationToken: TestContext.Current.CancellationToken)];
        for (int i = 0; i < before.Length; i++)
        {
            Assert.Equal(before[i].Label, after[i].Label);
            Assert.Equal(before[i].Probabilities, after[i].Probabilities);
            Assert.Equal(1, before[i].Probabilities.Sum(), 1e-6);
        }
        Assert.Equal(Words, before[..Words.Length].Select(text => text.Label));
        Assert.Contains("\"SEQ_CLS\"", File.ReadAllText(folder.File("adapter_config.json")), StringComparison.Ordinal);
        Assert.Throws<SkiptuneException>(() => DecoderAdapter.Load(folder.Path));
        using DecoderModel other = Decoders.Random(Decoders.Tiny, tied: true, biases: false, seed: 2);
        Assert.Throws<SkiptuneException>(() => TextClassifier.Load(other, folder.Path).Predict(["red"]));
    }

    [Theory]
    [InlineData("ft-last", HeadStates.All, false)]
    [InlineData("skip2-lora", HeadStates.Last, true)]
    [InlineData("lora-all", HeadStates.Last, false)]
    public void Threads_change_no_bit(string name, HeadStates head, bool with)
    {
        using DecoderModel model = Decoders.Random(Decoders.Tiny, tied: true, biases: true);
        float[] Values(int threads, CacheFormat cache)
        {
            using ClassifierTuner tuner = new(model, Texts(), new() { Name = name, Head = head, WithFtLast = with }, new FineTuneOptions { Epochs = 2, BatchSize = 7, Threads = threads, Seed = 5, Cache = cache });
            return [.. tuner.Fit().Result.Adapter.Tensors.Values.SelectMany(tensor => tensor.Span.ToArray())];
        }

        CacheFormat format = name == "lora-all" ? CacheFormat.None : CacheFormat.Int4;
        Assert.Equal(Values(1, format), Values(3, format));
    }

    [Fact]
    public void A_text_has_the_same_bits_alone_and_among_others()
    {
        using DecoderModel model = Decoders.Random(Decoders.Tiny, tied: true, biases: true);
        using ClassifierTuner tuner = new(model, Texts(), new() { Name = "skip2-lora", WithFtLast = true }, new FineTuneOptions { Epochs = 2 });
        TextClassifier classifier = tuner.Fit().Classifier;
        string[] texts = [.. Words, "the longest of all these texts", ""];
        ClassifiedText[] together = [.. classifier.Predict(texts, threads: 3)];
        for (int i = 0; i < texts.Length; i++)
            Assert.Equal(classifier.Predict([texts[i]], threads: 1)[0].Probabilities, together[i].Probabilities);
    }

    [Fact]
    public void An_exact_cache_changes_no_bit()
    {
        using DecoderModel model = Decoders.Random(Decoders.Tiny, tied: true, biases: false);
        float[] Values(string name, CacheFormat cache)
        {
            using ClassifierTuner tuner = new(model, Texts(), new() { Name = name }, new FineTuneOptions { Epochs = 2, BatchSize = 7, Cache = cache });
            return [.. tuner.Fit().Result.Adapter.Tensors.Values.SelectMany(tensor => tensor.Span.ToArray())];
        }

        Assert.Equal(Values("skip-lora", CacheFormat.None), Values("skip2-lora", CacheFormat.Float32));
    }

    [Fact]
    public void What_was_learnt_of_standardised_states_is_written_for_the_states_as_they_are()
    {
        using DecoderModel model = Decoders.Random(Decoders.Tiny, tied: true, biases: false);
        int width = model.Config.Width;
        SeededRandom random = new(6);
        Tensor states = new(new Shape(20, (model.Config.Blocks + 1) * width));
        random.FillUniform(states.Span, 1);
        for (int i = 0; i < states.Span.Length; i++)
            states.Span[i] = states.Span[i] * (1 + i % 7) + 5 - i % 11;
        StateScale scale = StateScale.Of(states);
        Tensor scaled = states.Clone();
        for (int text = 0; text < 20; text++)
            scale.Apply(scaled.Rows(text, 1).Span);
        for (int value = 0; value < states.Shape[1]; value++)
        {
            double[] column = [.. Enumerable.Range(0, 20).Select(text => (double)scaled.Span[text * states.Shape[1] + value])];
            Assert.Equal(0, column.Average(), 1e-4);
            Assert.Equal(1, column.Average(x => x * x), 1e-3);
        }
        foreach (HeadStates head in Enum.GetValues<HeadStates>())
        {
            FineTuneMethod method = ClassifierMethods.Skip2Lora(withFtLast: true);
            Graph graph = ClassifierGraph.OverStates(model, head);
            AdaptedGraph adapted = method.Adapt(graph, new AdapterOptions(3, 6, Seed: 3) { Classes = 4 });
            Adapter adapter = new(method, 3, 6, "base", adapted.Trained.ToImmutableSortedDictionary(name => name, name => adapted.Graph.Constants[name].Clone(), StringComparer.Ordinal)) { Classes = 4 };
            foreach (Tensor tensor in adapter.Tensors.Values)
                random.FillUniform(tensor.Span, 0.3f);
            float[] expected = Scores(adapter, scaled);
            Stories.AssertClose(expected, Scores(scale.Undo(adapter, head, width), states), 1e-3f);

            float[] Scores(Adapter one, Tensor input)
            {
                using Workers workers = new(1);
                Graph tuned = one.ApplyTo(graph, "base");
                return Evaluator.Predict(tuned, tuned.Outputs[0], new TensorDataSet(input, Targets.None(20)), new ProgramContext(KernelSet.Current, workers), CancellationToken.None).Span.ToArray();
            }
        }
    }

    [Theory]
    [InlineData("\"Mean\"", "\"Sum\"")]
    [InlineData("\"Last\"", "\"9\"")]
    [InlineData("\"red\"", "\"blue\"")]
    [InlineData("\"red\"", "7")]
    [InlineData("\"red\",", "")]
    [InlineData("\"skip2-lora\"", "\"what\"")]
    [InlineData("\"skiptune_max_tokens\": 20", "\"skiptune_max_tokens\": -1")]
    [InlineData("\"r\": 4", "\"r\": 5")]
    public void A_configuration_that_was_changed_is_refused(string from, string to)
    {
        using DecoderModel model = Decoders.Random(Decoders.Tiny, tied: true, biases: false);
        using TempFolder folder = new();
        using ClassifierTuner tuner = new(model, Texts(), new() { Name = "skip2-lora", Head = HeadStates.Last, MostTokens = 20 }, new FineTuneOptions { Epochs = 1 });
        tuner.Fit().Classifier.Save(folder.Path);
        string config = File.ReadAllText(folder.File("adapter_config.json"));
        Assert.Contains(from, config, StringComparison.Ordinal);
        File.WriteAllText(folder.File("adapter_config.json"), config.Replace(from, to, StringComparison.Ordinal));
        SkiptuneException error = Assert.Throws<SkiptuneException>(() => TextClassifier.Load(model, folder.Path).Predict(["red"]));
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Skip_adapters_on_Banking77_do_as_the_reference_or_better_and_ngrams_do_better_still()
    {
        LabelledTexts train = LabelledTexts.Open(AssetFiles.Path("banking77/train.csv"), new TextColumns()).Evenly(2000);
        LabelledTexts test = LabelledTexts.Open(AssetFiles.Path("banking77/test.csv"), new TextColumns());
        Assert.Equal((2000, 3080, 77), (train.Texts.Length, test.Texts.Length, train.Labels.Distinct().Count()));
        ClassifierComparison comparison = new(Stories.Model, train) { Seeds = 1 };
        double Accuracy(string name) => Assert.Single(comparison.Run([ClassifierVariant.Reference.Single(variant => variant.Name == name)], [CacheFormat.Int4], test, TestContext.Current.CancellationToken)).Accuracy;
        double last = Accuracy("ft-last");
        double all = Accuracy("all states linear");
        double skip = Accuracy("skip R8 + ft-last");
        Assert.InRange(last, 0.48, 0.58);
        Assert.InRange(skip, 0.66, 0.74);
        Assert.InRange(all, 0.68, 0.76);
        Assert.True(new HashedNgrams(train, 0.1f, 10, 0).Accuracy(test) > all);
    }

    // Each word is its own label, written in several ways.
    private static LabelledTexts Texts()
    {
        (string Text, string Label)[] rows = [.. Words.SelectMany(word => Enumerable.Range(0, 8).Select(i => (i == 0 ? word : string.Create(CultureInfo.InvariantCulture, $"{word} {i}"), word)))];
        return new LabelledTexts("texts", [.. rows.Select(row => row.Text)], [.. rows.Select(row => row.Label)]);
    }
}
