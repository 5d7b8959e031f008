using Skiptune.FineTuning;
using Skiptune.Language.FineTuning;
using Skiptune.Language.Generation;
using Skiptune.Language.Models;

namespace Skiptune.Language.Tests;

public class GenerationTests
{
    [Fact]
    public void Greedy_text_is_that_of_the_reference()
    {
        using TextGenerator generator = new(Stories.Model);
        int[] expected = Stories.Ints("greedy_from_bos_128");
        int prompt = Stories.Ints("token_ids").Length;
        int[] made = [.. generator.Generate(expected[..prompt], new SamplingOptions { Temperature = 0, MaxTokens = expected.Length - prompt })];
        Assert.Equal(expected[prompt..], made);
    }

    [Fact]
    public void The_same_seed_gives_the_same_text_in_whole_characters()
    {
        string[] texts = [.. ((long[])[1, 1, 2]).Select(seed => Text(new SamplingOptions { Seed = seed, MaxTokens = 60, TopK = 40 }))];
        Assert.Equal(texts[0], texts[1]);
        Assert.NotEqual(texts[0], texts[2]);
        Assert.DoesNotContain('\uFFFD', texts[0]);
    }

    [Fact]
    public void Only_the_likeliest_tokens_are_chosen()
    {
        float[] logits = [0, 3, 1, 2.9f, -1];
        HashSet<int> Chosen(SamplingOptions options)
        {
            Sampler sampler = new(options);
            return [.. Enumerable.Range(0, 2000).Select(_ => sampler.Choose(logits))];
        }

        Assert.Equal([1], Chosen(new SamplingOptions { Temperature = 0 }));
        Assert.Equal([1, 3], Chosen(new SamplingOptions { Temperature = 1, TopK = 2, TopP = 1 }).Order());
        Assert.Equal([1, 3], Chosen(new SamplingOptions { Temperature = 1, TopP = 0.6f }).Order());
        Assert.Equal([0, 1, 2, 3, 4], Chosen(new SamplingOptions { Temperature = 2, TopP = 1 }).Order());
    }

    [Fact]
    public void Choices_are_as_likely_as_the_logits_say()
    {
        Sampler sampler = new(new SamplingOptions { Temperature = 1, TopP = 1, Seed = 7 });
        float[] logits = [MathF.Log(0.7f), MathF.Log(0.2f), MathF.Log(0.1f)];
        int[] counts = new int[3];
        for (int i = 0; i < 20_000; i++)
            counts[sampler.Choose(logits)]++;
        Assert.InRange(counts[0], 13_700, 14_300);
        Assert.InRange(counts[1], 3_700, 4_300);
    }

    [Fact]
    public void A_text_ends_where_the_room_ends()
    {
        using TextGenerator generator = new(Stories.Model, capacity: 20);
        string text = string.Concat(generator.Generate("Once upon", new SamplingOptions { Temperature = 0 }));
        Assert.NotEmpty(text);
        Assert.Equal(20, generator.Count);
        Assert.Throws<SkiptuneException>(() => generator.Read([1]).Length);
    }

    [Theory]
    [InlineData("lora-all", SkipTarget.Hidden)]
    [InlineData("skip2-lora", SkipTarget.Hidden)]
    [InlineData("skip2-lora", SkipTarget.Logits)]
    [InlineData("ft-last", SkipTarget.Hidden)]
    public void An_adapter_counts_token_by_token_as_in_whole_sequences(string method, SkipTarget target)
    {
        using DecoderModel model = Decoders.Random(Decoders.Tiny, tied: true, biases: false);
        int[] tokens = [.. Enumerable.Range(0, 240).Select(i => 3 + i * i % 250)];
        using FineTuner tuner = model.CreateFineTuner(8, new FineTuneOptions { Method = new DecoderMethodSettings(method, Target: target).Method, Epochs = 1, BatchSize = 4 });
        Adapter adapter = tuner.Fit(TokenWindows.Of(tokens, 8, null, 259)).Adapter;
        float[] whole = Stories.Run(model.GraphWith(adapter, 6), tokens.AsSpan(0, 6), DecoderNames.Output)[DecoderNames.Output];
        using TextGenerator generator = new(model, adapter, capacity: 6);
        generator.Read(tokens.AsSpan(0, 4));
        generator.Read(tokens.AsSpan(4, 1));
        Stories.AssertClose(whole.AsSpan()[^259..], generator.Read(tokens.AsSpan(5, 1)), 1e-4f);
        using TextGenerator plain = new(model, capacity: 6);
        Assert.False(plain.Read(tokens.AsSpan(0, 6)).SequenceEqual(whole.AsSpan()[^259..]));
    }

    private static string Text(SamplingOptions options)
    {
        using TextGenerator generator = new(Stories.Model);
        return string.Concat(generator.Generate("Once upon a time", options));
    }
}
