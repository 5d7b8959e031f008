using System.Text;
using Skiptune.Language.Classification;

namespace Skiptune.Language.Tests;

/// <summary>Files of labelled texts, good and hostile.</summary>
public class LabelledTextTests
{
    [Theory]
    [InlineData("a.csv", "text,category\n\"one, two\",x\nthree,y\n")]
    [InlineData("a.csv", "\uFEFFid,label,text\r\n1, x ,\"one, two\"\r\n2,y,three\r\n")]
    [InlineData("a.jsonl", "{\"text\":\"one, two\",\"label\":\"x\"}\n\n{\"label\":\"y\",\"text\":\"three\",\"more\":[1]}")]
    [InlineData("a.jsonl", "{\"text\":\"one, two\",\"intent\":\"x\"}\r\n{\"intent\":\"y\",\"text\":\"three\"}\r\n")]
    public void Both_forms_give_the_same(string name, string content)
    {
        LabelledTexts texts = Open(name, content);
        Assert.Equal(["one, two", "three"], texts.Texts);
        Assert.Equal(["x", "y"], texts.Labels);
    }

    [Fact]
    public void A_cell_may_have_lines_and_quotes() =>
        Assert.Equal("a \"b\"\nc", Open("a.csv", "text,label\n\"a \"\"b\"\"\nc\",x\nd,y\n").Texts[0]);

    [Fact]
    public void Numbers_are_labels_too() => Assert.Equal(["3", "x"], Open("a.jsonl", "{\"text\":\"a\",\"label\":3}\n{\"text\":\"b\",\"label\":\"x\"}").Labels);

    [Fact]
    public void Other_files_have_a_text_a_line_and_no_label()
    {
        LabelledTexts texts = Open("a.txt", "one, two\n\nthree");
        Assert.Equal(["one, two", "three"], texts.Texts);
        Assert.Empty(texts.Labels);
        Assert.Contains("--label-column", Assert.Throws<SkiptuneException>(() => texts.ToTargets(default)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.csv", "", "is empty")]
    [InlineData("a.csv", "text,label\n", "no text")]
    [InlineData("a.csv", "words,label\na,b\n", "'text'")]
    [InlineData("a.csv", "text,label\na\n", "line 2")]
    [InlineData("a.csv", "text,label\na,b,c\n", "line 2")]
    [InlineData("a.csv", "text,label\na,b\nc,\n", "line 3")]
    [InlineData("a.csv", "text,label\n,b\n", "line 2")]
    [InlineData("a.csv", "text,label\na\"b,c\n", "quote")]
    [InlineData("a.csv", "text,label\n\u0001\n", "line 2")]
    [InlineData("a.jsonl", "{\"text\":\"a\"", "line 1")]
    [InlineData("a.jsonl", "{\"text\":3,\"label\":\"x\"}", "line 1")]
    [InlineData("a.jsonl", "{\"text\":\"a\",\"label\":null}", "line 1")]
    [InlineData("a.jsonl", "{\"text\":\"a\",\"label\":\"x\"}\n[1]", "line 2")]
    [InlineData("a.jsonl", "{\"label\":\"x\"}", "line 1")]
    [InlineData("a.jsonl", "{\"text\":\"a\",\"label\":\"x\"}\n{\"text\":\"b\",\"q\":1,\"r\":2}", "no label")]
    [InlineData("a.txt", "\n \n", "no text")]
    public void A_bad_line_is_named(string name, string content, string expected)
    {
        SkiptuneException error = Assert.Throws<SkiptuneException>(() => Open(name, content));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Lengths_are_bounded()
    {
        Assert.Throws<SkiptuneException>(() => Open("a.csv", "text,label\n\"" + new string('x', (1 << 20) + 1) + "\",b\n"));
        Assert.Throws<SkiptuneException>(() => Open("a.jsonl", $"{{\"text\":\"{new string('x', (1 << 20) + 1)}\",\"label\":\"b\"}}"));
        Assert.Throws<SkiptuneException>(() => Open("a.csv", $"text,label\nb,{new string('x', 1025)}\n"));
        Assert.Throws<SkiptuneException>(() => Open("a.jsonl", new string('[', 100_000)));
    }

    [Fact]
    public void Bytes_that_are_no_text_are_refused()
    {
        using TempFolder folder = new();
        foreach (string name in (string[])["a.csv", "a.jsonl", "a.txt"])
            Assert.Throws<SkiptuneException>(() => LabelledTexts.Open(folder.Write(name, [(byte)'t', 0xff, 0xfe, 0x80]), new TextColumns()));
    }

    [Fact]
    public void One_label_is_nothing_to_tell_apart_and_an_unknown_one_is_named()
    {
        LabelledTexts texts = Open("a.csv", "text,label\na,x\nb,x\n");
        Assert.Contains("alone", Assert.Throws<SkiptuneException>(() => texts.ToTargets(default)).Message, StringComparison.Ordinal);
        Assert.Equal([1, 1], texts.ToTargets(["w", "x"]).Labels.ToArray());
        Assert.Contains("'x'", Assert.Throws<SkiptuneException>(() => texts.ToTargets(["v", "w"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parts_are_taken_evenly_over_a_sorted_file()
    {
        LabelledTexts texts = new("texts", [.. Enumerable.Range(0, 100).Select(i => $"{i}")], [.. Enumerable.Range(0, 100).Select(i => $"{i / 10}")]);
        Assert.All(texts.Evenly(20).Labels.CountBy(label => label), count => Assert.Equal(2, count.Value));
        (LabelledTexts train, LabelledTexts? held) = texts.Split(0.2);
        Assert.Equal((80, 20), (train.Texts.Length, held!.Texts.Length));
        Assert.All(held.Labels.CountBy(label => label), count => Assert.Equal(2, count.Value));
        Assert.Equal(texts.Texts.Order(), train.Texts.Concat(held.Texts).Order());
        Assert.Null(texts.Split(0).Held);
    }

    private static LabelledTexts Open(string name, string content)
    {
        using TempFolder folder = new();
        return LabelledTexts.Open(folder.Write(name, Encoding.UTF8.GetBytes(content)), new TextColumns());
    }
}
