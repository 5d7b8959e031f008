using System.Text;
using Skiptune.Language.Weights;

namespace Skiptune.Language.Tests;

/// <summary>Writes GGUF files as the format's description says, and quantises as its reference does.</summary>
internal sealed class GgufWriter
{
    private readonly List<(string Key, uint Type, byte[] Value)> _metadata = [];
    private readonly List<(string Name, ulong[] Extents, uint Type, byte[] Data)> _tensors = [];

    public uint Version { get; set; } = 3;

    public ulong? ClaimedTensors { get; set; }

    public ulong? ClaimedEntries { get; set; }

    /// <summary>Replaces a tensor's offset.</summary>
    public Func<string, ulong, ulong> Place { get; set; } = (_, offset) => offset;

    public static uint TypeOf(WeightFormat format) => format switch
    {
        WeightFormat.F32 => 0,
        WeightFormat.F16 => 1,
        WeightFormat.Q4_0 => 2,
        WeightFormat.Q4_1 => 3,
        WeightFormat.Q8_0 => 8,
        _ => 30,
    };

    public GgufWriter Add(string key, uint value) => Add(key, 4, BitConverter.GetBytes(value));

    public GgufWriter Add(string key, float value) => Add(key, 6, BitConverter.GetBytes(value));

    public GgufWriter Add(string key, string value) => Add(key, 8, Text(value));

    public GgufWriter Add(string key, string[] values) => Add(key, 9, [.. BitConverter.GetBytes(8u), .. BitConverter.GetBytes((ulong)values.Length), .. values.SelectMany(Text)]);

    public GgufWriter Add(string key, float[] values) => Add(key, 9, [.. BitConverter.GetBytes(6u), .. BitConverter.GetBytes((ulong)values.Length), .. values.SelectMany(BitConverter.GetBytes)]);

    public GgufWriter Add(string key, int[] values) => Add(key, 9, [.. BitConverter.GetBytes(5u), .. BitConverter.GetBytes((ulong)values.Length), .. values.SelectMany(BitConverter.GetBytes)]);

    public GgufWriter Add(string key, uint type, byte[] value)
    {
        _metadata.Add((key, type, value));
        return this;
    }

    public GgufWriter Tensor(string name, WeightFormat format, ReadOnlySpan<float> values, params ulong[] extents) => Tensor(name, TypeOf(format), Encode(format, values), extents);

    public GgufWriter Tensor(string name, uint type, byte[] data, params ulong[] extents)
    {
        _tensors.Add((name, extents, type, data));
        return this;
    }

    public byte[] ToBytes()
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        writer.Write("GGUF"u8);
        writer.Write(Version);
        writer.Write(ClaimedTensors ?? (ulong)_tensors.Count);
        writer.Write(ClaimedEntries ?? (ulong)_metadata.Count);
        foreach ((string key, uint type, byte[] value) in _metadata)
        {
            writer.Write(Text(key));
            writer.Write(type);
            writer.Write(value);
        }
        ulong offset = 0;
        foreach ((string name, ulong[] extents, uint type, byte[] data) in _tensors)
        {
            writer.Write(Text(name));
            writer.Write((uint)extents.Length);
            foreach (ulong extent in extents)
                writer.Write(extent);
            writer.Write(type);
            writer.Write(Place(name, offset));
            offset += (ulong)(data.Length + 31) / 32 * 32;
        }
        foreach ((_, _, _, byte[] data) in _tensors)
        {
            writer.Write(new byte[(32 - stream.Position % 32) % 32]);
            writer.Write(data);
        }
        writer.Flush();
        return stream.ToArray();
    }

    private static byte[] Text(string text) => [.. BitConverter.GetBytes((ulong)Encoding.UTF8.GetByteCount(text)), .. Encoding.UTF8.GetBytes(text)];

    public static byte[] Encode(WeightFormat format, ReadOnlySpan<float> values)
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        switch (format)
        {
            case WeightFormat.F32:
                foreach (float value in values)
                    writer.Write(value);
                break;
            case WeightFormat.F16:
                foreach (float value in values)
                    writer.Write((Half)value);
                break;
            case WeightFormat.BF16:
                foreach (float value in values)
                    writer.Write((ushort)(BitConverter.SingleToUInt32Bits(value) >> 16));
                break;
            default:
                for (int i = 0; i < values.Length; i += 32)
                    Block(format, values.Slice(i, 32).ToArray(), writer);
                break;
        }
        return stream.ToArray();
    }

    private static void Block(WeightFormat format, float[] values, BinaryWriter writer)
    {
        if (format == WeightFormat.Q8_0)
        {
            float scale = values.Max(MathF.Abs) / 127;
            writer.Write((Half)scale);
            foreach (float value in values)
                writer.Write((sbyte)MathF.Round(scale == 0 ? 0 : value / scale));
            return;
        }
        float low = values.Min();
        float extreme = values.MaxBy(MathF.Abs);
        float step = format == WeightFormat.Q4_0 ? extreme / -8 : (values.Max() - low) / 15;
        float offset = format == WeightFormat.Q4_0 ? -8 * step : low;
        writer.Write((Half)step);
        if (format == WeightFormat.Q4_1)
            writer.Write((Half)low);
        int Level(int i) => step == 0 ? 0 : Math.Clamp((int)MathF.Round((values[i] - offset) / step), 0, 15);
        for (int i = 0; i < 16; i++)
            writer.Write((byte)(Level(i) | (Level(i + 16) << 4)));
    }
}
