using System.Buffers.Binary;
using System.IO.Compression;
using Skiptune.Data;
using Skiptune.Tests.Data;

namespace Skiptune.Tests.Fuzz;

internal sealed class PngFuzz : FuzzForm
{
    public override string Name => "png";

    public override int Cases => 2200;

    // Deflate inflates at most 1032 times, a palette's index becomes three bytes.
    public override int BytesPerByte => 4 * 1032;

    public override IReadOnlyList<byte[]> Seeds { get; } =
    [
        .. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Png"), "*.png").Order(StringComparer.Ordinal).Select(File.ReadAllBytes),
        PngWriter.Write(5, 6, 2, [.. Enumerable.Range(0, 90).Select(i => (byte)(i * i))], y => y % 5),
    ];

    public override byte[] Mutate(Mutator mutator, byte[] whole, byte[] other)
    {
        if (mutator.OneIn(4))
            return mutator.Bytes(whole, other);
        if (mutator.OneIn(3))
            return PngWriter.Mend(mutator.Bytes(whole, other));
        List<(string Type, byte[] Content)> chunks = Chunks(whole);
        for (int changes = 1 + mutator.Below(2); changes > 0 && chunks.Count > 0; changes--)
        {
            int at = mutator.Below(chunks.Count);
            (string type, byte[] content) = chunks[at];
            switch (mutator.Below(5))
            {
                case 0:
                    chunks.RemoveAt(at);
                    break;
                case 1:
                    chunks.Insert(at, mutator.Pick(Chunks(other)));
                    break;
                case 2 when type == "IDAT":
                    chunks[at] = (type, Deflate(mutator.Bytes(Inflate(content), content)));
                    break;
                case 3 when type == "IHDR" && content.Length >= 8:
                    BinaryPrimitives.WriteInt32BigEndian(content.AsSpan(mutator.OneIn(2) ? 0 : 4), (int)mutator.Extreme());
                    break;
                default:
                    chunks[at] = (type, mutator.Bytes(content, []));
                    break;
            }
        }
        return [.. whole[..8], .. chunks.SelectMany(chunk => PngWriter.Chunk(chunk.Type, chunk.Content))];
    }

    public override string Put(TempArea area, byte[] bytes) => area.Write("f.png", bytes);

    public override void Load(string path) => ImageFile.Read(path);

    private static List<(string Type, byte[] Content)> Chunks(byte[] file)
    {
        List<(string, byte[])> chunks = [];
        for (int at = 8; at + 12 <= file.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            chunks.Add((System.Text.Encoding.ASCII.GetString(file, at + 4, 4), file[(at + 8)..(at + 8 + length)]));
            at += 12 + length;
        }
        return chunks;
    }

    private static byte[] Inflate(byte[] bytes)
    {
        try
        {
            using ZLibStream stream = new(new MemoryStream(bytes), CompressionMode.Decompress);
            using MemoryStream inflated = new();
            stream.CopyTo(inflated);
            return inflated.ToArray();
        }
        catch (InvalidDataException)
        {
            return bytes;
        }
    }

    private static byte[] Deflate(byte[] bytes)
    {
        using MemoryStream deflated = new();
        using (ZLibStream stream = new(deflated, CompressionLevel.Optimal, leaveOpen: true))
            stream.Write(bytes);
        return deflated.ToArray();
    }
}

internal sealed class PnmFuzz : FuzzForm
{
    public override string Name => "pnm";

    public override int Cases => 400;

    public override int BytesPerByte => 64;

    public override IReadOnlyList<byte[]> Seeds { get; } =
        [[.. "P6\n# comment\n4 3 255\n"u8, .. Enumerable.Range(0, 36).Select(i => (byte)i)], [.. "P5 3 2 15 "u8, 1, 2, 3, 4, 10, 6]];

    public override byte[] Mutate(Mutator mutator, byte[] whole, byte[] other) => mutator.OneIn(2)
        ? mutator.Bytes(whole, other)
        : [.. System.Text.Encoding.Latin1.GetBytes(mutator.Text(System.Text.Encoding.Latin1.GetString(whole), System.Text.Encoding.Latin1.GetString(other)))];

    public override string Put(TempArea area, byte[] bytes) => area.Write("f.ppm", bytes);

    public override void Load(string path) => ImageFile.Read(path);
}

internal sealed class WavFuzz : FuzzForm
{
    public override string Name => "wav";

    public override int Cases => 400;

    public override int BytesPerByte => 64;

    public override IReadOnlyList<byte[]> Seeds { get; } = [WavTests.File(1, 16, 8000, [.. Enumerable.Range(0, 40).Select(i => (byte)i)]), WavTests.File(1, 16, 16000, new byte[8])];

    public override byte[] Mutate(Mutator mutator, byte[] whole, byte[] other) => mutator.Bytes(whole, other);

    public override string Put(TempArea area, byte[] bytes) => area.Write("f.wav", bytes);

    public override void Load(string path) => WavFile.Read(path);
}
