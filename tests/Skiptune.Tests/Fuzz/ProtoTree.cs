namespace Skiptune.Tests.Fuzz;

/// <summary>A protobuf message taken apart without its schema, so that what is changed inside keeps the lengths around it right.</summary>
internal sealed class ProtoTree
{
    private const int Deepest = 8;

    private sealed class Field(ulong tag)
    {
        public ulong Tag { get; set; } = tag;

        public ulong Number { get; set; }

        public byte[] Content { get; set; } = [];

        public ProtoTree? Message { get; init; }

        public int Wire => (int)(Tag & 7);

        /// <summary>A field of its own, so that no message comes to stand inside itself.</summary>
        public Field Copy() => new(Tag) { Number = Number, Content = Content, Message = Message is null ? null : Parse(Message.ToBytes()) };
    }

    private readonly List<Field> _fields = [];

    /// <summary>The message in these bytes; null if they are none.</summary>
    public static ProtoTree? Parse(ReadOnlySpan<byte> bytes, int depth = 0)
    {
        ProtoTree tree = new();
        while (!bytes.IsEmpty)
        {
            if (!TryVarint(ref bytes, out ulong tag) || tag >> 3 is 0 or > 1000)
                return null;
            int length = (tag & 7) switch { 1 => 8, 5 => 4, _ => 0 };
            if ((tag & 7) == 0)
            {
                if (!TryVarint(ref bytes, out ulong number))
                    return null;
                tree._fields.Add(new Field(tag) { Number = number });
                continue;
            }
            if ((tag & 7) is not (1 or 2 or 5) || ((tag & 7) == 2 && !TryLength(ref bytes, out length)) || length > bytes.Length)
                return null;
            byte[] content = bytes[..length].ToArray();
            bytes = bytes[length..];
            tree._fields.Add(new Field(tag) { Content = content, Message = (tag & 7) == 2 && length > 1 && depth < Deepest ? Parse(content, depth + 1) : null });
        }
        return tree;
    }

    /// <summary>Changes one to three fields anywhere: their numbers, types, contents, places, or takes some of another message.</summary>
    public void Mutate(Mutator mutator, ProtoTree other)
    {
        for (int changes = 1 + mutator.Below(3); changes > 0; changes--)
        {
            ProtoTree message = mutator.Pick(Messages().Where(tree => tree._fields.Count > 0).DefaultIfEmpty(this).ToList());
            if (message._fields.Count == 0)
                return;
            int at = mutator.Below(message._fields.Count);
            Field field = message._fields[at];
            switch (mutator.Below(8))
            {
                case 0:
                    message._fields.RemoveAt(at);
                    break;
                case 1:
                    message._fields.Insert(at, mutator.Pick(message._fields).Copy());
                    break;
                case 2:
                    ProtoTree source = mutator.Pick(other.Messages().Where(tree => tree._fields.Count > 0).DefaultIfEmpty(message).ToList());
                    message._fields[at] = mutator.Pick(source._fields).Copy();
                    break;
                case 3:
                    field.Tag = (ulong)mutator.Below(20) << 3 | field.Tag & 7;
                    break;
                default:
                    if (field.Wire == 0)
                        field.Number = (ulong)mutator.Extreme();
                    else if (field.Message is null)
                        field.Content = mutator.OneIn(2) ? Packed(mutator) : mutator.Bytes(field.Content, []);
                    break;
            }
        }
    }

    public byte[] ToBytes()
    {
        List<byte> bytes = [];
        foreach (Field field in _fields)
        {
            PutVarint(bytes, field.Tag);
            if (field.Wire == 0)
            {
                PutVarint(bytes, field.Number);
                continue;
            }
            byte[] content = field.Message?.ToBytes() ?? field.Content;
            if (field.Wire == 2)
                PutVarint(bytes, (ulong)content.Length);
            bytes.AddRange(content);
        }
        return [.. bytes];
    }

    private static byte[] Packed(Mutator mutator)
    {
        List<byte> bytes = [];
        for (int count = 1 + mutator.Below(4); count > 0; count--)
            PutVarint(bytes, (ulong)mutator.Extreme());
        return [.. bytes];
    }

    private IEnumerable<ProtoTree> Messages() =>
        _fields.Where(field => field.Message is not null).SelectMany(field => field.Message!.Messages()).Prepend(this);

    private static bool TryLength(ref ReadOnlySpan<byte> bytes, out int length)
    {
        bool found = TryVarint(ref bytes, out ulong value) && value <= int.MaxValue;
        length = found ? (int)value : 0;
        return found;
    }

    private static bool TryVarint(ref ReadOnlySpan<byte> bytes, out ulong value)
    {
        value = 0;
        for (int i = 0; i < Math.Min(10, bytes.Length); i++)
        {
            value |= (ulong)(bytes[i] & 0x7F) << (7 * i);
            if (bytes[i] >= 0x80)
                continue;
            bytes = bytes[(i + 1)..];
            return true;
        }
        return false;
    }

    private static void PutVarint(List<byte> bytes, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            bytes.Add((byte)(value | 0x80));
        bytes.Add((byte)value);
    }
}
