using System.Runtime.InteropServices;
using Skiptune.Data;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.Tests;

/// <summary>The files beside the tests: a PyTorch run and the embedded sample.</summary>
internal static class GoldenFiles
{
    public static float[] Floats(string name) => MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(PathOf(name))).ToArray();

    public static int[] Ints(string name) => MemoryMarshal.Cast<byte, int>(File.ReadAllBytes(PathOf(name))).ToArray();

    /// <summary>The reference CNN with the golden run's pretrained weights.</summary>
    public static Graph PretrainedCnn()
    {
        Graph graph = ReferenceCnn.Create(seed: 0);
        string[] names = ["conv1", "conv2", "dense1", "dense2", "dense3"];
        Dictionary<string, Tensor> weights = new(StringComparer.Ordinal);
        for (int k = 0; k < names.Length; k++)
        {
            foreach ((string part, int file) in new[] { ("weight", 2 * k), ("bias", 2 * k + 1) })
                weights[$"{names[k]}.{part}"] = new Tensor(graph.Constants[$"{names[k]}.{part}"].Shape, Floats($"p{file}"));
        }
        return graph.With(constants: graph.Constants.SetItems(weights));
    }

    /// <summary>The embedded sample, rotated by 75 degrees.</summary>
    public static DataSet RotatedSample(string part) => Rotation.Rotate(Sample(part), 75);

    /// <summary>The embedded sample, upright: "train" or "t10k".</summary>
    public static DataSet Sample(string part)
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "Assets", "fashion-mnist-sample");
        return ByteImageDataSet.FromIdx(Path.Combine(folder, $"{part}-images-idx3-ubyte.gz"), Path.Combine(folder, $"{part}-labels-idx1-ubyte.gz"));
    }

    private static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "Golden", "skip-lora", name + ".bin");
}
