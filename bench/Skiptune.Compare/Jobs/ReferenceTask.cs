using Skiptune.Data;
using Skiptune.FineTuning;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.Compare.Jobs;

/// <summary>
/// What all sides do: the embedded base, 1024 rotated images of Fashion-MNIST, 10 epochs, batches of 20, rank 4, SGD
/// 0.05 at a constant rate. 1024 other images test the result.
/// </summary>
internal sealed class ReferenceTask
{
    public const int Samples = 1024;
    public const int Epochs = 10;
    public const int BatchSize = 20;
    public const float Rate = 0.05f;
    public const float AdamRate = 0.01f;

    /// <summary>The values that the five taps of a sample have.</summary>
    public const int Features = 784 + 1176 + 400 + 120 + 84;

    /// <summary>Floating-point operations of all adapter steps: each tapped value meets each of four rows of A twice, forward and back.</summary>
    public const double AdapterFlops = (double)Epochs * Samples * Features * 4 * 4;

    /// <summary>The bytes that all adapter steps read of samples and a float32 cache.</summary>
    public const double AdapterBytes = (double)Epochs * Samples * (Features + 10) * sizeof(float);

    /// <summary>Floating-point operations of the reference network's forward pass, a sample.</summary>
    public const double ForwardFlops = 2 * (28 * 28 * 6 * 25 + 10 * 10 * 16 * 150 + 400 * 120 + 120 * 84 + 84 * 10);

    private const double Degrees = 75;

    private ReferenceTask(Model model, DataSet train, DataSet test)
    {
        Model = model;
        Train = train;
        Test = test;
    }

    public Model Model { get; }

    public DataSet Train { get; }

    public DataSet Test { get; }

    /// <summary>Reads base and images; already rotated and in float32 from here on.</summary>
    /// <param name="assets">The repository's assets.</param>
    /// <param name="data">Fashion-MNIST or a sample of it; null for the one in the assets.</param>
    public static ReferenceTask Load(string assets, string? data)
    {
        FashionMnistOptions place = new() { Directory = data ?? DefaultData(assets) };
        return new ReferenceTask(
            Model.Load(Path.Combine(assets, "base-lenet.onnx")),
            Rotation.Rotate(FashionMnist.Load(FashionMnistSplit.Train, place).Take(Samples), Degrees),
            Rotation.Rotate(FashionMnist.Load(FashionMnistSplit.Test, place).Take(Samples), Degrees));
    }

    public static string DefaultData(string assets) => Path.Combine(assets, "fashion-mnist-sample");

    public static FineTuneOptions Options(FineTuneMethod method, CacheFormat? cache, Optimizer optimizer, int threads, KernelSet? kernels = null) => new()
    {
        Method = method,
        Rank = 4,
        Epochs = Epochs,
        BatchSize = BatchSize,
        Optimizer = optimizer,
        Schedule = Schedule.Constant,
        Tail = TailBatch.Spread,
        Cache = cache,
        Threads = threads,
        Kernels = kernels,
    };
}
