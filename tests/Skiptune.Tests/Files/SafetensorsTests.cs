using System.Buffers.Binary;
using System.Text;
using Skiptune.Files;
using Skiptune.Numerics;
using Skiptune.Tests.Onnx;

namespace Skiptune.Tests.Files;

public class SafetensorsTests
{
    private const string FileName = "adapter.safetensors";

    private static Dictionary<string, Tensor> Tensors => new(StringComparer.Ordinal)
    {
        ["b"] = Graphs.Ramp(2, 3),
        ["a.weight"] = Graphs.Ramp(4),
        ["C \"quoted\" \u00e9"] = Graphs.Ramp(),
        ["empty"] = new Tensor(new Shape(0, 5)),
    };

    private static Dictionary<string, string> Metadata => new(StringComparer.Ordinal) { ["z"] = "1", ["format"] = "sk\n" };

    [Fact]
    public void What_is_written_reads_back_the_same()
    {
        byte[] bytes = SafetensorsFile.Write(Tensors, Metadata);
        SafetensorsFile file = SafetensorsFile.Read(bytes, FileName);
        Assert.Equal(Tensors.Keys.Order(StringComparer.Ordinal), file.Tensors.Keys);
        foreach ((string name, Tensor tensor) in Tensors)
        {
            Assert.Equal(tensor.Shape, file.Tensors[name].Shape);
            Assert.Equal(tensor.Span.ToArray(), file.Tensors[name].Span.ToArray());
        }
        Assert.Equal(Metadata.OrderBy(pair => pair.Key), file.Metadata.OrderBy(pair => pair.Key));
    }

    [Fact]
    public void The_bytes_depend_on_the_content_alone()
    {
        byte[] bytes = SafetensorsFile.Write(Tensors, Metadata);
        Assert.Equal(bytes, SafetensorsFile.Write(Tensors.Reverse().ToDictionary(), Metadata.Reverse().ToDictionary()));
        Assert.Equal(0UL, BinaryPrimitives.ReadUInt64LittleEndian(bytes) % 8);
        Assert.Empty(SafetensorsFile.Read(SafetensorsFile.Write(new Dictionary<string, Tensor>()), FileName).Tensors);
    }

    [Fact]
    public void The_layout_is_that_of_the_format()
    {
        byte[] bytes = SafetensorsFile.Write(new Dictionary<string, Tensor> { ["t"] = new(new Shape(2), [1f, 2f]) });
        string header = "{\"t\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}";
        header = header.PadRight((header.Length + 7) / 8 * 8);
        Assert.Equal(File(header, [0, 0, 0x80, 0x3F, 0, 0, 0, 0x40]), bytes);
    }

    [Fact]
    public void Half_precision_is_widened_and_the_order_is_that_of_the_values()
    {
        SafetensorsFile file = SafetensorsFile.Read(
            File("""{"z":{"dtype":"BF16","shape":[1],"data_offsets":[0,2]},"a":{"data_offsets":[2,6],"shape":[2],"dtype":"F16"}}""", [0xC0, 0x3F, 0, 0x3C, 0, 0xC0]),
            FileName);
        Assert.Equal(["z", "a"], file.Tensors.Keys);
        Assert.Equal([1.5f], file.Tensors["z"].Span.ToArray());
        Assert.Equal([1f, -2f], file.Tensors["a"].Span.ToArray());
    }

    [Theory]
    [InlineData("", "no JSON object")]
    [InlineData("[]", "no JSON object")]
    [InlineData(" {}", "no JSON object")]
    [InlineData("{", "not valid JSON")]
    [InlineData("{}x", "not valid JSON")]
    [InlineData("{\"a\":1}", "'a' is described by no JSON object")]
    [InlineData("{\"\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", "without a name")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2]}}", "needs a dtype")]
    [InlineData("{\"a\":{\"dtype\":32,\"shape\":[2],\"data_offsets\":[0,8]}}", "needs a dtype")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8],\"more\":1}}", "unknown property 'more'")]
    [InlineData("{\"a\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[0,8]}}", "'a' is of type 'I64'")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}}", "whole numbers")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2.5],\"data_offsets\":[0,8]}}", "whole numbers")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[99999999999999999999],\"data_offsets\":[0,8]}}", "whole numbers")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[\"2\"],\"data_offsets\":[0,8]}}", "whole numbers")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":2,\"data_offsets\":[0,8]}}", "no list")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[[2]],\"data_offsets\":[0,8]}}", "not valid JSON")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1048576,1048576],\"data_offsets\":[0,8]}}", "too large")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[9223372036854775807,2],\"data_offsets\":[0,8]}}", "too large")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,2],\"data_offsets\":[0,8]}}", "17 axes")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}}", "cannot lie at")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}}", "cannot lie at")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,9223372036854775807]}}", "cannot lie at")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,12]}}", "cut short")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", "belong to no tensor")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}", "leave a hole")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}", "overlap")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"a\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[8,8]}}", "not valid JSON")]
    [InlineData("{\"__metadata__\":[],\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", "no JSON object")]
    [InlineData("{\"__metadata__\":{\"k\":1},\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", "'k' that is no string")]
    [InlineData("{\"\\ud800\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", "not valid JSON")]
    [InlineData("{\"a\\nb\":{\"dtype\":\"I8\",\"shape\":[2],\"data_offsets\":[0,8]}}", "'a\\u000ab'")]
    public void A_header_that_breaks_the_format_is_refused(string header, string expected) =>
        Assert.Contains(expected, Error(File(header, new byte[8])));

    [Fact]
    public void Lengths_that_lie_are_refused()
    {
        Assert.Contains("too few", Error([1, 2, 3]));
        Assert.Contains("cut short", Error([255, 0, 0, 0, 0, 0, 0, 0, (byte)'{', (byte)'}']));
        Assert.Contains("more than 100000000", Error([1, 0xE1, 0xF5, 5, 0, 0, 0, 0, (byte)'{', (byte)'}']));
        Assert.Contains("more than 100000000", Error([255, 255, 255, 255, 255, 255, 255, 255, (byte)'{', (byte)'}']));
        Assert.Contains("not valid JSON", Error(File("{\"__metadata__\":" + new string('[', 100_000), [])));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Values_that_are_not_finite_are_neither_read_nor_written(float value)
    {
        byte[] bytes = SafetensorsFile.Write(new Dictionary<string, Tensor> { ["t"] = new(new Shape(2), [1f, 2f]) });
        BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(bytes.Length - 4), value);
        Assert.Contains("'t' holds NaN", Error(bytes));
        Dictionary<string, Tensor> bad = new() { ["t"] = new(new Shape(2), [1f, value]) };
        Assert.Contains("'t'", Assert.Throws<SkiptuneException>(() => SafetensorsFile.Write(bad)).Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("__metadata__")]
    public void Reserved_names_are_not_written(string name) =>
        Assert.Throws<SkiptuneException>(() => SafetensorsFile.Write(new Dictionary<string, Tensor> { [name] = Graphs.Ramp(2) }));

    private static string Error(byte[] bytes) => Failures.Message(FileName, () => SafetensorsFile.Read(bytes, FileName));

    private static byte[] File(string header, byte[] data)
    {
        byte[] text = Encoding.UTF8.GetBytes(header);
        byte[] length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, text.Length);
        return [.. length, .. text, .. data];
    }
}
