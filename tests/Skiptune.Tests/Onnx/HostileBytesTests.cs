using Google.Protobuf;
using Skiptune.Networks;
using Skiptune.Numerics;
using Skiptune.Onnx;

namespace Skiptune.Tests.Onnx;

/// <summary>Files whose bytes are no model.</summary>
public class HostileBytesTests
{
    [Fact]
    public void Bytes_that_are_no_model_are_refused()
    {
        Protos.ReadError([]);
        Protos.ReadError("this is a text, not a model"u8.ToArray());
        Protos.ReadError([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]);
        Protos.ReadError(new byte[4096]);
        // The graph says that it has 2^63 bytes.
        Protos.ReadError([0x3A, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01, 0x00]);
    }

    [Fact]
    public void A_model_cut_anywhere_loads_or_is_refused()
    {
        byte[] whole = OnnxWriter.Write(Graphs.Network());
        for (int length = 0; length < whole.Length; length++)
            LoadOrRefuse(whole[..length]);
    }

    [Fact]
    public void Nesting_without_end_is_refused()
    {
        // Groups in groups, then messages in messages, each in a field of the node that is not known.
        byte[] groups = [.. Enumerable.Repeat((byte)0x0B, 100_000)];
        Protos.ReadError(groups);
        byte[] nested = [];
        for (int i = 0; i < 2000; i++)
            nested = Wrap(fieldAndType: 0x32, nested); // AttributeProto.g
        Protos.ReadError(Wrap(0x3A, Wrap(0x0A, Wrap(0x2A, nested))));
    }

    [Fact]
    public void Many_parts_in_few_bytes_take_no_memory()
    {
        // One million empty initializers: two bytes each.
        byte[] empty = new byte[2_000_000];
        for (int i = 0; i < empty.Length; i += 2)
            empty[i] = 0x2A;
        byte[] bytes = Wrap(0x3A, empty);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("parts", Protos.ReadError(bytes));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void Loading_allocates_a_few_times_the_file()
    {
        byte[] bytes = OnnxWriter.Write(Graphs.Of(new Gemm(), new Shape(1000), Graphs.Ramp(1000, 1000)));
        OnnxReader.Read(OnnxWriter.Write(Graphs.Network()), "warm.onnx");
        long before = GC.GetAllocatedBytesForCurrentThread();
        OnnxReader.Read(bytes, Protos.FileName);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 3L * bytes.Length);
    }

    private static void LoadOrRefuse(byte[] bytes)
    {
        try
        {
            OnnxReader.Read(bytes, Protos.FileName);
        }
        catch (SkiptuneException error)
        {
            Failures.AssertOneLine(Protos.FileName, error);
        }
    }

    private static byte[] Wrap(byte fieldAndType, byte[] content)
    {
        using MemoryStream stream = new();
        using (CodedOutputStream output = new(stream, leaveOpen: true))
        {
            output.WriteRawTag(fieldAndType);
            output.WriteLength(content.Length);
        }
        stream.Write(content);
        return stream.ToArray();
    }
}
