using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Skiptune.Language.Tokenizers;

namespace Skiptune.Language.Tests;

public class TokenizerTests
{
    private static readonly string[] Hard = ["", " ", "  two  spaces ", "▁", "a▁b", "<s></s><unk>", "<0x0A>", "naïve 日本語 🎉👩‍👩‍👧", "\0\t\r\n", "1234567 12", "don't they'll"];

    [Fact]
    public void Any_bytes_come_back_from_a_sentencepiece_tokenizer()
    {
        Tokenizer tokenizer = Stories.Model.Tokenizer;
        Prop.ForAll<byte[]>(bytes => tokenizer.DecodeBytes(tokenizer.Encode(bytes)).AsSpan().SequenceEqual(bytes)).QuickCheckThrowOnFailure();
        AssertTexts(tokenizer);
    }

    [Fact]
    public void Any_text_comes_back_from_a_byte_level_tokenizer()
    {
        foreach (string rule in (string[])["gpt-2", "llama-bpe", "qwen2", "smollm"])
            AssertTexts(ByteLevel(rule));
    }

    [Fact]
    public void Text_never_becomes_a_special_token()
    {
        foreach (Tokenizer tokenizer in (Tokenizer[])[Stories.Model.Tokenizer, ByteLevel("gpt-2")])
            Assert.DoesNotContain(tokenizer.Encode("<s> </s> <unk> <|end|>\n<s>\n"), tokenizer.IsSpecial);
    }

    [Fact]
    public void Tokens_are_those_of_the_reference()
    {
        string text = "Once upon a time, there was a little girl named Lily. She loved to play outside in the park.";
        Assert.Equal(Stories.Ints("token_ids"), Stories.Model.Tokenizer.Encode(text, begin: true));
    }

    [Fact]
    public void Merges_come_in_their_order_from_the_left()
    {
        Tokenizer tokenizer = ByteLevel("gpt-2");
        // "ab" is merged before "bc", and "aba" is no pair.
        Assert.Equal(["ab", "c"], tokenizer.Encode("abc").Select(token => tokenizer.Decode([token])));
        Assert.Equal(["Ġab"], tokenizer.Encode(" ab").Select(token => "Ġ" + tokenizer.Decode([token]).TrimStart()));
    }

    [Fact]
    public void A_long_text_of_one_letter_is_fast() => Assert.Equal(1 << 17, Stories.Model.Tokenizer.Decode(Stories.Model.Tokenizer.Encode(new string('e', 1 << 17))).Length);

    private static void AssertTexts(Tokenizer tokenizer)
    {
        foreach (string text in Hard)
            Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text, begin: true)));
        Prop.ForAll<string>(text => RoundTrips(tokenizer, text ?? "")).QuickCheckThrowOnFailure();
        Prop.ForAll(
            ArbMap.Default.GeneratorFor<int>().Select(number => (Math.Abs(number % 0x10FFFF) is var code && Rune.IsValid(code) ? new Rune(code) : new Rune('x')).ToString()).ListOf().Select(string.Concat).ToArbitrary(),
            text => RoundTrips(tokenizer, text)).QuickCheckThrowOnFailure();
    }

    // Halves of surrogate pairs are no text in UTF-8.
    private static bool RoundTrips(Tokenizer tokenizer, string text)
    {
        string valid = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
        return tokenizer.Decode(tokenizer.Encode(valid)) == valid;
    }

    internal static (string[] Tokens, (string, string)[] Merges) ByteLevelVocabulary()
    {
        List<string> tokens = [];
        int next = 256;
        for (int value = 0; value < 256; value++)
            tokens.Add(((char)(value is (>= 33 and <= 126) or (>= 161 and <= 172) or (>= 174 and <= 255) ? value : next++)).ToString());
        tokens.AddRange(["ab", "bc", "Ġab", "<|end|>"]);
        return ([.. tokens], [("a", "b"), ("b", "c"), ("Ġ", "ab")]);
    }

    private static ByteLevelTokenizer ByteLevel(string rule)
    {
        (string[] tokens, (string, string)[] merges) = ByteLevelVocabulary();
        SpecialTokens special = new() { End = [tokens.Length - 1] };
        return new ByteLevelTokenizer(tokens, merges, special, Pretokenizer.Named(rule));
    }
}
