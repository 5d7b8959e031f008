using System.Buffers.Binary;

namespace Skiptune.Cli.Tests;

public sealed class BadInputTests : CliTest
{
    private const string Short = "--epochs 1 --threads 1";

    [Fact]
    public void AMissingModelIsNamed() =>
        Assert.Contains("none.onnx", Refuse(1, $"finetune {Short} --model none.onnx"), StringComparison.Ordinal);

    [Fact]
    public void AMissingDataFolderIsNamed() =>
        Assert.Contains("nowhere", Refuse(1, $"finetune {Short} --data nowhere"), StringComparison.Ordinal);

    [Fact]
    public void AMissingAdapterIsNamed() =>
        Assert.Contains("nowhere", Refuse(1, "evaluate --adapter-path nowhere"), StringComparison.Ordinal);

    [Fact]
    public void AnOutputThatCannotBeWrittenIsRefusedBeforeTheWork()
    {
        Assert.Contains("nowhere", Refuse(1, "demo --json nowhere/demo.json"), StringComparison.Ordinal);
        Assert.Contains("nowhere", Refuse(1, "pretrain --out nowhere/base.onnx"), StringComparison.Ordinal);
        File.WriteAllText(In("taken"), "");
        Assert.Contains("taken", Refuse(1, $"finetune {Short} --adapter-path taken"), StringComparison.Ordinal);
    }

    [Fact]
    public void ATruncatedModelIsRefused()
    {
        byte[] model = File.ReadAllBytes(BaseModel);
        foreach (int length in (int[])[0, 1, 100, model.Length / 2, model.Length - 1])
        {
            File.WriteAllBytes(In("cut.onnx"), model[..length]);
            Assert.Contains("cut.onnx", Refuse(1, $"finetune {Short} --model cut.onnx"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void AModelWithAWeightThatIsNoNumberIsRefused()
    {
        byte[] model = File.ReadAllBytes(BaseModel);
        // Weights fill most of the file; four bytes of ones are a NaN wherever they hit one.
        model.AsSpan(model.Length / 2, 8).Fill(0xFF);
        File.WriteAllBytes(In("nan.onnx"), model);
        Assert.Contains("nan.onnx", Refuse(1, $"finetune {Short} --model nan.onnx"), StringComparison.Ordinal);
    }

    [Fact]
    public void ATruncatedImageFileIsRefused()
    {
        string images = Path.Combine(CopySample(), "train-images-idx3-ubyte.gz");
        byte[] whole = File.ReadAllBytes(images);
        File.WriteAllBytes(images, whole[..(whole.Length / 2)]);
        Assert.Contains("train-images-idx3-ubyte.gz", Refuse(1, $"finetune {Short} --data data"), StringComparison.Ordinal);
    }

    [Fact]
    public void AnImageFileWhoseHeaderLiesIsRefused()
    {
        string folder = CopySample();
        File.Delete(Path.Combine(folder, "train-images-idx3-ubyte.gz"));
        byte[] header = new byte[16];
        header[2] = 8;
        header[3] = 3;
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), int.MaxValue);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(8), 28);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(12), 28);
        File.WriteAllBytes(Path.Combine(folder, "train-images-idx3-ubyte"), header);
        Assert.Contains("train-images-idx3-ubyte", Refuse(1, $"finetune {Short} --data data"), StringComparison.Ordinal);
    }

    [Fact]
    public void ALabelOutOfRangeIsRefused()
    {
        string folder = CopySample();
        File.Delete(Path.Combine(folder, "train-labels-idx1-ubyte.gz"));
        byte[] labels = [0, 0, 8, 1, 0, 0, 4, 0, .. new byte[1024]];
        labels[8 + 17] = 10;
        File.WriteAllBytes(Path.Combine(folder, "train-labels-idx1-ubyte"), labels);
        string line = Refuse(1, $"finetune {Short} --data data");
        Assert.Contains("train-labels-idx1-ubyte: row 17 has the label 10", line, StringComparison.Ordinal);
    }

    [Fact]
    public void AnEmptyDataSetIsRefused()
    {
        string folder = CopySample();
        File.Delete(Path.Combine(folder, "train-images-idx3-ubyte.gz"));
        File.Delete(Path.Combine(folder, "train-labels-idx1-ubyte.gz"));
        File.WriteAllBytes(Path.Combine(folder, "train-images-idx3-ubyte"), [0, 0, 8, 3, 0, 0, 0, 0, 0, 0, 0, 28, 0, 0, 0, 28]);
        File.WriteAllBytes(Path.Combine(folder, "train-labels-idx1-ubyte"), [0, 0, 8, 1, 0, 0, 0, 0]);
        Assert.Contains("train-images-idx3-ubyte", Refuse(1, $"finetune {Short} --data data"), StringComparison.Ordinal);
    }
}
