using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Skiptune.Streaming.Loop;
using Skiptune.Streaming.Sources;

namespace Skiptune.Streaming.Tests.Sources;

public sealed class SampleParserTests
{
    [Theory]
    [InlineData("""{"x": [1, 2.5, -3e2], "label": 1, "id": "a7", "time": "2026-01-31T12:00:00Z"}""")]
    [InlineData("""{"id": "a7", "time": 1769860800, "extra": {"deep": [1]}, "label": "broken", "x": [1.0, "2.5", -300]}""")]
    [InlineData(""" {"time": 1769860800000, "x":[1,2.5,-300],"id":"a7","label":1}""")]
    public void JsonObjectsAreRead(string line)
    {
        StreamSample sample = Parse(line);
        Assert.Null(sample.Problem);
        Assert.Equal([1, 2.5f, -300], sample.Features.ToArray());
        Assert.Equal((1, "a7", "here"), (sample.Label, sample.Id, sample.Source));
        Assert.Equal(new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero), sample.Time);
    }

    [Fact]
    public void AnArrayIsASampleAndALabelAloneALateLabel()
    {
        Assert.Equal([1, 2, 3], Parse("[1,2,3]").Features.ToArray());
        StreamSample late = Parse("""{"id": 17, "label": 2}""");
        Assert.Equal(("17", 2, true), (late.Id, late.Label, late.Features.IsEmpty));
        StreamSample none = Parse("""{"id": 17, "label": null, "x": [1]}""");
        Assert.Equal(("17", null, 1), (none.Id, none.Label, none.Features.Length));
    }

    [Fact]
    public void MissingReadingsAreNotNumbers()
    {
        Assert.True(float.IsNaN(Parse("[1,null,3]").Features.Span[1]));
        Assert.True(float.IsNaN(Parse("1,,3").Features.Span[1]));
        Assert.True(float.IsNaN(Parse("1,nan,3").Features.Span[1]));
        Assert.Equal(float.PositiveInfinity, Parse("[1,1e999,3]").Features.Span[1]);
    }

    [Fact]
    public void CsvHasAHeaderOrALabelAtItsEnd()
    {
        SampleParser parser = New();
        Assert.True(parser.TakeHeader("time,a,label,b,c,id"u8));
        StreamSample sample = parser.Parse("1769860800, 1, broken, 2.5, -300, a7\r"u8, "here")!;
        Assert.Equal([1, 2.5f, -300], sample.Features.ToArray());
        Assert.Equal((1, "a7"), (sample.Label, sample.Id));
        StreamSample late = parser.Parse(",,2,,,a7"u8, "here")!;
        Assert.Equal((2, "a7", true), (late.Label, late.Id, late.Features.IsEmpty));
        Assert.Contains("5 columns, the header has 6", parser.Parse("1,2,3,4,5"u8, "here")!.Problem, StringComparison.Ordinal);

        Assert.False(New().TakeHeader("1,2,3"u8));
        Assert.Equal((2, 3), (Parse("1,2,3,2").Label, Parse("1,2,3,2").Features.Length));
        Assert.Equal((null, 3), (Parse("1,2,3").Label, Parse("1,2,3").Features.Length));
        Assert.Equal(2, Parse("1,2").Features.Length);
    }

    [Theory]
    [InlineData("""{"x": [1, 2""")]
    [InlineData("""{"x": 1}""")]
    [InlineData("""{"x": [[1], 2]}""")]
    [InlineData("""{"x": [1, "two"]}""")]
    [InlineData("""{"x": [1], "label": 1.5}""")]
    [InlineData("""{"x": [1], "label": "nothing"}""")]
    [InlineData("""{"x": [1], "label": [1]}""")]
    [InlineData("""{"x": [1], "id": ""}""")]
    [InlineData("""{"x": [1], "time": "yesterday"}""")]
    [InlineData("""{"x": [1], "time": 1e300}""")]
    [InlineData("""{"x": [1]} {"x": [2]}""")]
    [InlineData("1,two,3")]
    [InlineData("[NaN]")]
    public void WhatCannotBeReadHasAProblemOfOneLine(string line)
    {
        StreamSample sample = Parse(line);
        Assert.NotEmpty(sample.Problem!);
        Assert.DoesNotContain('\n', sample.Problem!);
        Assert.True(sample.Problem!.Length <= 203);
        Assert.Equal("here", sample.Source);
    }

    [Fact]
    public void NoBytesMakeItThrow() => Prop.ForAll<byte[], bool>((bytes, isJson) =>
    {
        byte[] line = isJson ? [(byte)'{', .. bytes] : bytes;
        SampleParser parser = New();
        parser.TakeHeader(line);
        parser.Parse(line, "here");
    }).QuickCheckThrowOnFailure();

    private static SampleParser New() => new(3, ["fine", "broken", "gone"]);

    private static StreamSample Parse(string line) => New().Parse(Encoding.UTF8.GetBytes(line), "here")!;
}
