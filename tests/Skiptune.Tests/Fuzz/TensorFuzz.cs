using System.Buffers.Binary;
using System.Text;
using Skiptune.Files;
using Skiptune.FineTuning;
using Skiptune.Numerics;
using Skiptune.Tests.FineTuning;

namespace Skiptune.Tests.Fuzz;

internal sealed class SafetensorsFuzz : FuzzForm
{
    public override string Name => "safetensors";

    public override int Cases => 2200;

    public override int BytesPerByte => 256;

    public override IReadOnlyList<byte[]> Seeds { get; } =
    [
        SafetensorsFile.Write(
            new Dictionary<string, Tensor> { ["a.weight"] = new(new Shape(2, 3), [1, 2, 3, 4, 5, 6]), ["b"] = new(new Shape(1), [7f]) },
            new Dictionary<string, string> { ["format"] = "pt" }),
        SafetensorsFile.Write(new Dictionary<string, Tensor> { ["only"] = new(new Shape(4), [1f, 2, 3, 4]) }),
        With("{\"h\":{\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[0,4]},\"z\":{\"dtype\":\"BF16\",\"shape\":[],\"data_offsets\":[4,6]}}", new byte[6]),
    ];

    public override byte[] Mutate(Mutator mutator, byte[] whole, byte[] other)
    {
        int length = (int)BinaryPrimitives.ReadInt64LittleEndian(whole);
        int otherLength = (int)BinaryPrimitives.ReadInt64LittleEndian(other);
        if (mutator.OneIn(3))
            return mutator.Bytes(whole, other);
        byte[] bytes = With(
            mutator.Text(Encoding.UTF8.GetString(whole, 8, length), Encoding.UTF8.GetString(other, 8, otherLength)),
            whole[(8 + length)..]);
        if (mutator.OneIn(6))
            BinaryPrimitives.WriteInt64LittleEndian(bytes, mutator.Extreme());
        return bytes;
    }

    public override string Put(TempArea area, byte[] bytes) => area.Write("f.safetensors", bytes);

    public override void Load(string path) => SafetensorsFile.Read(BoundedFile.ReadAllBytes(path, int.MaxValue), path);

    private static byte[] With(string header, byte[] data)
    {
        byte[] text = Encoding.UTF8.GetBytes(header);
        byte[] length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, text.Length);
        return [.. length, .. text, .. data];
    }
}

/// <summary>Configurations beside good tensors.</summary>
internal sealed class AdapterConfigFuzz : FuzzForm
{
    private readonly byte[] _tensors;

    public AdapterConfigFuzz()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("skiptune-");
        SmallRuns.Fit(new FineTuneOptions { Epochs = 1, BatchSize = 8, Rank = 1 }).Adapter.Save(folder.FullName);
        _tensors = File.ReadAllBytes(Path.Combine(folder.FullName, AdapterFiles.ModelFile));
        Seeds = [File.ReadAllBytes(Path.Combine(folder.FullName, AdapterFiles.ConfigFile))];
        folder.Delete(recursive: true);
    }

    public override string Name => "adapter_config";

    public override int Cases => 400;

    public override int BytesPerByte => 256;

    public override IReadOnlyList<byte[]> Seeds { get; }

    public override byte[] Mutate(Mutator mutator, byte[] whole, byte[] other) => mutator.OneIn(3)
        ? mutator.Bytes(whole, other)
        : Encoding.UTF8.GetBytes(mutator.Text(Encoding.UTF8.GetString(whole), Encoding.UTF8.GetString(other)));

    public override string Put(TempArea area, byte[] bytes)
    {
        area.Write(AdapterFiles.ModelFile, _tensors);
        return area.Write(AdapterFiles.ConfigFile, bytes);
    }

    public override void Load(string path) => Adapter.Load(Path.GetDirectoryName(path)!);
}

/// <summary>States of interrupted runs, which are continued.</summary>
internal sealed class TrainerStateFuzz : FuzzForm
{
    private const string Folder = "checkpoint";

    private readonly string _tensors;
    private readonly byte[] _values;

    public TrainerStateFuzz()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("skiptune-");
        SmallRuns.Fit(Options(folder.FullName, resume: false), cancelAfter: 1);
        Seeds = [File.ReadAllBytes(Path.Combine(folder.FullName, TrainerStateFile.Name))];
        FileInfo tensors = folder.EnumerateFiles("*" + TrainerState.TensorsSuffix).Single();
        (_tensors, _values) = (tensors.Name, File.ReadAllBytes(tensors.FullName));
        folder.Delete(recursive: true);
    }

    public override string Name => "trainer_state";

    public override int Cases => 400;

    public override int BytesPerByte => 256;

    // Where the state is as good as it was, the run goes on.
    public override long FixedBytes => 4 << 20;

    public override IReadOnlyList<byte[]> Seeds { get; }

    public override byte[] Mutate(Mutator mutator, byte[] whole, byte[] other) => mutator.OneIn(3)
        ? mutator.Bytes(whole, other)
        : Encoding.UTF8.GetBytes(mutator.Text(Encoding.UTF8.GetString(whole), Encoding.UTF8.GetString(other)));

    public override string Put(TempArea area, byte[] bytes)
    {
        string folder = area.EmptyFolder(Folder);
        area.Write(Path.Combine(Folder, _tensors), _values);
        area.Write(Path.Combine(Folder, TrainerStateFile.Name), bytes);
        return folder;
    }

    public override void Load(string path) => SmallRuns.Fit(Options(path, resume: true));

    private static FineTuneOptions Options(string folder, bool resume) =>
        new() { Epochs = 2, BatchSize = 8, Rank = 1, Threads = 1, Checkpoint = new CheckpointOptions { Directory = folder, Resume = resume } };
}
