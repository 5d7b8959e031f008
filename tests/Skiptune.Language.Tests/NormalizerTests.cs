using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Skiptune.Language.Files;
using Skiptune.Language.Tokenizers;
using Skiptune.Language.Tokenizers.Unicode;

namespace Skiptune.Language.Tests;

public class NormalizerTests
{
    // SHA-256 over what CPython's unicodedata 14.0 makes of every code point between characters that it may join or reorder.
    [Theory]
    [InlineData("C", "6c1a4367e0e94a37a2854553227e05c6c6188008d08549ab3b1a868543ee5a89")]
    [InlineData("D", "cd472c6c12bf997e81cebbcc75923f9adba69c68f851a8fd2eb049965cf4891d")]
    [InlineData("KC", "72675f89730f0018a07e4a9647c0a680973752cb68782a2aa004593ad442b64c")]
    [InlineData("KD", "bd3d20a58e6ecb7ef1a0513ec396231fe39a8b84b035224d7b54e62f95d8b704")]
    public void Every_code_point_becomes_what_unicode_says(string name, string expected)
    {
        UnicodeForm form = name switch { "C" => UnicodeForm.C, "D" => UnicodeForm.D, "KC" => UnicodeForm.KC, _ => UnicodeForm.KD };
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int code = 0; code < 0x110000; code++)
        {
            if (Rune.TryCreate(code, out Rune rune))
                hash.AppendData(Encoding.UTF8.GetBytes($"{form.Of($"a{rune}\u0323\u0301{rune}\u1161\u11A8")}\0"));
        }
        Assert.Equal(expected, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    [Fact]
    public void A_long_run_of_combining_characters_is_fast() =>
        Assert.Equal(1 << 18, UnicodeForm.C.Of("q" + string.Concat(Enumerable.Repeat("\u0301\u0323", 1 << 17)))[1..].Length);

    [Theory]
    [InlineData("""{"type":"NFC"}""", "Ae\u0301", "A\u00E9")]
    [InlineData("""{"type":"NFD"}""", "\uAC01", "\u1100\u1161\u11A8")]
    [InlineData("""{"type":"NFKC"}""", "\uFB01\u2460", "fi1")]
    [InlineData("""{"type":"NFKD"}""", "\u1E9B\u0323", "s\u0323\u0307")]
    [InlineData("""{"type":"Lowercase"}""", "\u00C0BC", "\u00E0bc")]
    [InlineData("""{"type":"Prepend","prepend":"_"}""", "a b", "_a b")]
    [InlineData("""{"type":"Prepend","prepend":"_"}""", "", "")]
    [InlineData("""{"type":"Replace","pattern":{"String":"a"},"content":"$0"}""", "ab", "$0b")]
    [InlineData("""{"type":"Replace","pattern":{"Regex":" +"},"content":"$0"}""", "a   b", "a$0b")]
    [InlineData("""{"type":"Sequence","normalizers":[{"type":"NFD"},{"type":"Replace","pattern":{"Regex":"\\p{M}"},"content":""},{"type":"Lowercase"}]}""", "\u00C9t\u00E9", "ete")]
    public void A_step_of_a_file_does_what_its_name_says(string json, string text, string expected) =>
        Assert.Equal(expected, Read(json, sentencePiece: false).Apply(text));

    [Fact]
    public void The_space_of_sentencepiece_is_the_tokenizers_own() =>
        Assert.True(Read("""{"type":"Sequence","normalizers":[{"type":"Prepend","prepend":"▁"},{"type":"Replace","pattern":{"String":" "},"content":"▁"}]}""", sentencePiece: true).IsEmpty);

    [Theory]
    [InlineData("""{"type":"StripAccents"}""", "StripAccents")]
    [InlineData("""{"type":"Precompiled"}""", "Precompiled")]
    [InlineData("""{"type":"Replace","pattern":{"Regex":"("},"content":""}""", "cannot be used")]
    public void Other_steps_are_refused(string json, string expected) =>
        Assert.Contains(expected, Assert.Throws<SkiptuneException>(() => Read(json, sentencePiece: false)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_text_comes_back_in_the_form_of_its_tokenizer()
    {
        (string[] tokens, (string, string)[] merges) = TokenizerTests.ByteLevelVocabulary();
        ByteLevelTokenizer tokenizer = new(tokens, merges, new SpecialTokens(), Pretokenizer.Named("qwen2"), new Normalizer(UnicodeForm.C.Of));
        Assert.Equal("caf\u00E9", tokenizer.Decode(tokenizer.Encode("cafe\u0301")));
        Assert.Equal(tokenizer.Encode("caf\u00E9"), tokenizer.Encode("cafe\u0301"));
    }

    private static Normalizer Read(string json, bool sentencePiece)
    {
        using JsonDocument document = JsonDocument.Parse($$"""{"normalizer":{{json}}}""");
        return NormalizerJson.Read(document.RootElement, sentencePiece);
    }
}
