namespace Skiptune.Onnx;

/// <summary>
/// Walks the bytes of a model before anything is made of them: every length must lie inside its parent, and there
/// may not be many more parts than a model of that size has. Without this, two bytes of file can become some
/// hundred bytes of objects.
/// </summary>
internal sealed class WireGuard
{
    /// <summary>Parts that any file may have; larger files may have one more for each <see cref="BytesPerPart"/>.</summary>
    private const int FreeParts = 65_536;

    private const int BytesPerPart = 64;

    private long _partsLeft;

    private WireGuard(long parts) => _partsLeft = parts;

    private enum Message
    {
        Leaf,
        Packed,
        Model,
        Graph,
        Node,
        Attribute,
        Tensor,
        ValueInfo,
        Type,
        TensorType,
        Shape,
    }

    /// <summary>Throws unless the bytes have the form of a model.</summary>
    /// <exception cref="SkiptuneException">They do not.</exception>
    public static void Check(ReadOnlySpan<byte> model)
    {
        new WireGuard(FreeParts + model.Length / BytesPerPart).Walk(model, Message.Model);
    }

    // The recursion is as deep as the table below, not as the file.
    private void Walk(ReadOnlySpan<byte> bytes, Message message)
    {
        while (!bytes.IsEmpty)
        {
            ulong tag = Varint(ref bytes);
            Spend(1);
            switch (tag & 7)
            {
                case 0:
                    Varint(ref bytes);
                    break;
                case 1:
                    Take(ref bytes, sizeof(ulong));
                    break;
                case 5:
                    Take(ref bytes, sizeof(uint));
                    break;
                case 2:
                    ReadOnlySpan<byte> content = Take(ref bytes, Varint(ref bytes));
                    Message child = Child(message, tag >> 3);
                    if (child == Message.Packed)
                        Spend(content.Length);
                    else if (child != Message.Leaf)
                        Walk(content, child);
                    break;
                default:
                    throw Damaged();
            }
        }
    }

    private static Message Child(Message parent, ulong field) => (parent, field) switch
    {
        (Message.Model, 7) => Message.Graph,
        (Message.Graph, 1) => Message.Node,
        (Message.Graph, 5) => Message.Tensor,
        (Message.Graph, 11 or 12) => Message.ValueInfo,
        (Message.Node, 5) => Message.Attribute,
        (Message.Attribute, 5) => Message.Tensor,
        // Whole numbers of one byte in the file take eight in memory.
        (Message.Attribute, 8) or (Message.Tensor, 1 or 5 or 7 or 11) => Message.Packed,
        (Message.ValueInfo, 2) => Message.Type,
        (Message.Type, 1) => Message.TensorType,
        (Message.TensorType, 2) => Message.Shape,
        _ => Message.Leaf,
    };

    private void Spend(long parts)
    {
        _partsLeft -= parts;
        if (_partsLeft < 0)
            throw new SkiptuneException("has far more parts than a model of its size; export it again");
    }

    private static ulong Varint(ref ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        for (int i = 0; i < 10 && i < bytes.Length; i++)
        {
            value |= (ulong)(bytes[i] & 0x7F) << (7 * i);
            if (bytes[i] < 0x80)
            {
                bytes = bytes[(i + 1)..];
                return value;
            }
        }
        throw Damaged();
    }

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> bytes, ulong count)
    {
        if (count > (ulong)bytes.Length)
            throw Damaged();
        ReadOnlySpan<byte> taken = bytes[..(int)count];
        bytes = bytes[(int)count..];
        return taken;
    }

    private static SkiptuneException Damaged() => new("is not an ONNX model, or is cut short or damaged; copy or export it again");
}
