using Skiptune.Numerics;

namespace Skiptune.Streaming.Learners;

/// <summary>
/// The hidden layer of an extreme learning machine: h = g(x A + b), drawn once from a seed and never trained. Weights are
/// uniform with variance gain^2 / features, so that inputs of variance 1 give sums of deviation gain; biases uniform in -1 .. 1.
/// </summary>
internal sealed class RandomLayer
{
    private readonly KernelSet _kernels = KernelSet.Current;
    private readonly HiddenActivation _activation;
    private readonly float[] _weight; // features x hidden
    private readonly float[] _bias;

    public RandomLayer(int features, int hidden, HiddenActivation activation, long seed, float gain = 1)
    {
        (Features, Hidden, _activation) = (features, hidden, activation);
        SeededRandom random = new(seed);
        _weight = new float[checked(features * hidden)];
        random.FillUniform(_weight, gain * MathF.Sqrt(3f / features));
        _bias = new float[hidden];
        random.FillUniform(_bias, 1f);
    }

    public int Features { get; }

    public int Hidden { get; }

    /// <summary>The hidden values of some samples.</summary>
    /// <param name="rows">How many.</param>
    /// <param name="x">rows x features.</param>
    /// <param name="h">rows x hidden.</param>
    public void Forward(int rows, ReadOnlySpan<float> x, Span<float> h)
    {
        h = h[..(rows * Hidden)];
        for (int row = 0; row < rows; row++)
            _bias.CopyTo(h[(row * Hidden)..]);
        _kernels.MultiplyAdd(rows, Hidden, Features, new Matrix(x, Features), new Matrix(_weight, Hidden), h, Hidden);
        switch (_activation)
        {
            case HiddenActivation.Tanh:
                _kernels.Apply(new UnaryValue<TanhFunction>(default), h, accumulate: false, h);
                break;
            case HiddenActivation.Sigmoid:
                _kernels.Apply(new UnaryValue<SigmoidFunction>(default), h, accumulate: false, h);
                break;
            case HiddenActivation.Relu:
                _kernels.Relu(h, h);
                break;
            default:
                break;
        }
    }
}
