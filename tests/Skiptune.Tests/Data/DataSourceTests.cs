using System.IO.Compression;
using System.Text;
using Skiptune.Data;
using Skiptune.Numerics;

namespace Skiptune.Tests.Data;

public sealed class DataSourceTests
{
    private static void Put(TempFolder folder, string name, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder.File(name))!);
        folder.Write(name, bytes);
    }

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    [Fact]
    public void Opens_every_form_by_its_name()
    {
        using TempFolder folder = new();
        Put(folder, "a-images-idx3-ubyte.gz", DataFiles.Gzip(DataFiles.Idx(8, 3, [2, 1, 1], 255, 0)));
        Put(folder, "a-labels-idx1-ubyte", DataFiles.Idx(8, 1, [2], 1, 4));
        Put(folder, "c.bin", CifarTests.File(2, 3));
        Put(folder, "z.npz", ArrayFiles.Zip(CompressionLevel.Optimal, ("x.npy", ArrayFiles.Npy("<f4", [2, 1], new float[2])), ("y.npy", ArrayFiles.Npy("<f4", [2, 1], new float[2]))));
        Put(folder, "set-x.npy", ArrayFiles.Npy("<f4", [2, 1], new float[2]));
        Put(folder, "set-y.npy", ArrayFiles.Npy("<i8", [2], new long[] { 0, 2 }));
        Put(folder, "lone.npy", ArrayFiles.Npy("<f4", [2, 1], new float[2]));
        Put(folder, "t.tsv", Text("1\tq\n2\tr\n"));
        Put(folder, "images/k/i.pgm", [.. "P5 1 1 255\n"u8, 7]);
        Put(folder, "images/l/i.pgm", [.. "P5 1 1 255\n"u8, 7]);
        foreach ((string name, TargetKind kind, int classes) in new[]
        {
            ("a-images-idx3-ubyte.gz", TargetKind.Classes, 5), ("c.bin", TargetKind.Classes, 10), ("z.npz", TargetKind.Values, 0),
            ("set-x.npy", TargetKind.Classes, 3), ("lone.npy", TargetKind.None, 0), ("t.tsv", TargetKind.Classes, 2), ("images", TargetKind.Classes, 2),
            ("images/k", TargetKind.None, 0),
        })
        {
            using DataSplits data = DataSource.Open(folder.File(name));
            Assert.Equal((name, kind, classes), (name, data.Train.Targets.Kind, data.Train.ClassCount));
            Assert.Equal(name == "images/k" ? 1 : 2, data.Train.Count);
            Assert.Null(data.Valid);
            using DataSplits rebuilt = DataSource.Open(folder.File(name), new DataSourceOptions { Targets = TargetKind.Input, LabelColumns = ["-1"] });
            Assert.Equal(rebuilt.Train.SampleShape.Count, rebuilt.Train.TargetLength);
            rebuilt.Train.ReadAll();
        }
    }

    [Fact]
    public void Parts_are_found_by_the_names_of_files_and_classes_agree()
    {
        using TempFolder folder = new();
        Put(folder, "train_1.csv", Text("1,pear\n2,fig\n"));
        Put(folder, "train_2.csv", Text("3,fig\n4,pear\n"));
        Put(folder, "valid.csv", Text("5,pear\n"));
        Put(folder, "test.csv", Text("6,fig\n"));
        Put(folder, "notes.txt", Text("hello"));
        using DataSplits data = DataSource.Open(folder.Path, new DataSourceOptions { ValidSplit = 0.5 });
        Assert.Equal([1, 2, 3, 4], data.Train.ReadAll());
        Assert.Equal([1, 0, 0, 1], data.Train.Labels);
        Assert.Equal([1], data.Valid!.Labels);
        Assert.Equal([0], data.Test!.Labels);
        Assert.Equal(2, data.Test.ClassCount);
        Put(folder, "test.csv", Text("6,kiwi\n"));
        DataFiles.Refuses(() => DataSource.Open(folder.Path), "test.csv", "'kiwi'");
        Put(folder, "test.csv", Text("6,6,fig\n"));
        DataFiles.Refuses(() => DataSource.Open(folder.Path), "test.csv", "training samples");
    }

    [Fact]
    public void Arrays_of_several_files_are_joined_with_their_vectors()
    {
        using TempFolder folder = new();
        Put(folder, "x_train_1.npy", ArrayFiles.Npy("<f4", [2, 1], new float[] { 1, 2 }));
        Put(folder, "y_train_1.npy", ArrayFiles.Npy("<f4", [2, 2], new float[] { 10, 11, 20, 21 }));
        Put(folder, "x_train_2.npy", ArrayFiles.Npy("<f8", [1, 1], new double[] { 3 }));
        Put(folder, "y_train_2.npy", ArrayFiles.Npy("<f4", [1, 2], new float[] { 30, 31 }));
        Put(folder, "x_test.npy", ArrayFiles.Npy("<f4", [1, 1], new float[] { 4 }));
        Put(folder, "y_test.npy", ArrayFiles.Npy("<f4", [1, 2], new float[] { 40, 41 }));
        using (DataSplits data = DataSource.Open(folder.Path))
        {
            Assert.Equal([1, 2, 3], data.Train.ReadAll());
            float[] targets = new float[6];
            data.Train.ReadTargets([2, 0, 1], targets);
            Assert.Equal([30, 31, 10, 11, 20, 21], targets);
            Assert.Equal([4], data.Test!.ReadAll());
        }
        Put(folder, "y_train_2.npy", ArrayFiles.Npy("<f4", [2, 2], new float[4]));
        DataFiles.Refuses(() => DataSource.Open(folder.Path), "x_train_2.npy", "1 samples", "2 targets");
        Put(folder, "y_train_2.npy", ArrayFiles.Npy("<f4", [1, 3], new float[3]));
        DataFiles.Refuses(() => DataSource.Open(folder.Path), "2 and of 3");
    }

    [Fact]
    public void The_largest_label_of_any_part_counts()
    {
        using TempFolder folder = new();
        Put(folder, "train.csv", Text("1,0\n2,1\n"));
        Put(folder, "test.csv", Text("6,7\n"));
        using DataSplits data = DataSource.Open(folder.Path);
        Assert.Equal((8, 8), (data.Train.ClassCount, data.Test!.ClassCount));
    }

    [Fact]
    public void Parts_are_found_by_the_names_of_folders()
    {
        using TempFolder folder = new();
        foreach (string name in new[] { "train/b/1", "train/a/1", "val/b/1", "test/a/2" })
            Put(folder, name + ".png", PngWriter.Write(2, 2, name[0] == 'v' ? 0 : 2, new byte[name[0] == 'v' ? 4 : 12]));
        SampleFormat format = new() { Height = 1, Width = 3, Mean = [0.5f], Std = [0.25f], Layout = ImageLayout.Nhwc };
        using DataSplits data = DataSource.Open(folder.Path, new DataSourceOptions { Format = format });
        Assert.Equal(["a", "b"], data.Train.Targets.ClassNames);
        // Only b is there, and it is grey: its number and its channels are those of the training images.
        Assert.Equal([1], data.Valid!.Labels);
        Assert.Equal(new Shape(1, 3, 3), data.Valid.SampleShape);
        Assert.All(data.Valid.ReadAll(), value => Assert.Equal(-2, value));
        Assert.Equal([0], data.Test!.Labels);
    }

    [Fact]
    public void What_is_held_back_is_in_proportion_and_the_same_each_time()
    {
        int[] labels = [.. Enumerable.Range(0, 100).Select(i => i < 70 ? 0 : i < 99 ? 1 : 2)];
        float[] values = [.. Enumerable.Range(0, 100).Select(i => (float)i)];
        TensorDataSet all = new(new Tensor(new Shape(100, 1), values), labels, 3);
        (DataSet kept, DataSet held) = DataSplits.HoldBack(all, 0.2, 42);
        Assert.Equal((80, 20), (kept.Count, held.Count));
        Assert.Equal(14, held.Labels.ToArray().Count(label => label == 0));
        Assert.Equal(values, kept.ReadAll().Concat(held.ReadAll()).Order());
        Assert.Equal(held.ReadAll(), DataSplits.HoldBack(all, 0.2, 42).HeldBack.ReadAll());
        Assert.NotEqual(held.ReadAll(), DataSplits.HoldBack(all, 0.2, 43).HeldBack.ReadAll());
        Assert.Equal(20, DataSplits.HoldBack(all.WithTargets(Targets.None(100)), 0.2, 1).HeldBack.Count);
        DataFiles.Refuses(() => DataSplits.HoldBack(all, 1, 42), "below 1");
        DataFiles.Refuses(() => DataSplits.HoldBack(all, 0.001, 42), "empty");
    }

    [Fact]
    public void What_is_not_recognised_is_one_error_with_all_forms()
    {
        using TempFolder folder = new();
        string[] forms = ["IDX", ".bin.gz", ".npz", ".npy", ".csv", ".png", "train, valid and test"];
        DataFiles.Refuses(() => DataSource.Open(folder.Path), forms);
        DataFiles.Refuses(() => DataSource.Open(folder.Write("photo.jpg", [1])), forms);
        DataFiles.Refuses(() => DataSource.Open(folder.File("none")), "no such file");
        Put(folder, "a.csv", Text("1,0\n"));
        Put(folder, "b.csv", Text("1,0\n"));
        DataFiles.Refuses(() => DataSource.Open(folder.Path), "2 data files", "'a.csv'");
        File.Delete(folder.File("a.csv"));
        File.Move(folder.File("b.csv"), folder.File("test.csv"));
        DataFiles.Refuses(() => DataSource.Open(folder.Path), "no part called train");
        DataFiles.Refuses(() => DataSource.Open(folder.File("test.csv"), new DataSourceOptions { ValidSplit = 1 }), "below 1");
        Put(folder, "lone.npy", ArrayFiles.Npy("<f4", [2, 1], new float[2]));
        DataFiles.Refuses(() => DataSource.Open(folder.File("lone.npy"), new DataSourceOptions { Targets = TargetKind.Classes }), "lone.npy", "Classes are wanted");
    }
}
