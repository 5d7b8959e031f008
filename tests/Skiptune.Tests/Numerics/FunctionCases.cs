using Skiptune.Numerics;

namespace Skiptune.Tests.Numerics;

/// <summary>Each elementwise function, its value and its gradients, as a call on inputs of a length.</summary>
internal static class FunctionCases
{
    public static IEnumerable<(string Name, Action<KernelSet, Buffers, int> Call)> ByLength =>
    [
        .. Unary("Exp", default(ExpFunction)), .. Unary("Log", default(LogFunction)), .. Unary("Sqrt", default(SqrtFunction)),
        .. Unary("Erf", default(ErfFunction)), .. Unary("Neg", default(NegFunction)), .. Unary("Abs", default(AbsFunction)),
        .. Unary("Reciprocal", default(ReciprocalFunction)), .. Unary("Sigmoid", default(SigmoidFunction)), .. Unary("Tanh", default(TanhFunction)),
        .. Unary("LeakyRelu", new LeakyReluFunction(0.1f)), .. Unary("Elu", new EluFunction(1.5f)), .. Unary("Clip", new ClipFunction(-0.5f, 1)),
        .. Unary("HardSigmoid", new HardSigmoidFunction(0.5f, 0.4f)), .. Unary("HardSwish", default(HardSwishFunction)),
        .. Unary("Softplus", default(SoftplusFunction)), .. Unary("Gelu", default(GeluFunction)), .. Unary("GeluTanh", default(GeluTanhFunction)),
        .. Binary("Add", default(AddFunction)), .. Binary("Sub", default(SubFunction)), .. Binary("Mul", default(MulFunction)),
        .. Binary("Div", default(DivFunction)), .. Binary("Max", default(MaxFunction)), .. Binary("Min", default(MinFunction)),
        .. Binary("Pow", default(PowFunction)), .. Binary("PRelu", default(PReluFunction)),
    ];

    /// <summary>All functions over values and pairs of them that are easily treated differently.</summary>
    public static void Special(KernelSet kernels, Buffers buffers, float[] left, float[] right)
    {
        Values(default(ExpFunction));
        Values(default(LogFunction));
        Values(default(ErfFunction));
        Values(default(TanhFunction));
        Values(default(SigmoidFunction));
        Values(default(SoftplusFunction));
        Values(default(GeluFunction));
        Values(default(HardSwishFunction));
        Values(new ClipFunction(-1, 1));
        Values(new LeakyReluFunction(0.1f));
        Pairs(buffers, default(PowFunction));
        Pairs(buffers, default(MaxFunction));
        Pairs(buffers, default(DivFunction));

        void Values<F>(F function)
            where F : struct, IUnaryFunction
        {
            kernels.Apply(new UnaryValue<F>(function), buffers.Floats(left.Length), false, left);
            kernels.Apply(new UnaryGradient<F>(function), buffers.Floats(left.Length), false, left, right, left);
        }

        void Pairs<F>(Buffers buffers, F function)
            where F : struct, IBinaryFunction
        {
            kernels.Apply(new BinaryValue<F>(function), buffers.Floats(left.Length), false, left, right);
            kernels.Apply(new LeftGradient<F>(function), buffers.Floats(left.Length), false, left, right, left);
            kernels.Apply(new RightGradient<F>(function), buffers.Floats(left.Length), false, left, right, left);
        }
    }

    private static IEnumerable<(string, Action<KernelSet, Buffers, int>)> Unary<F>(string name, F function)
        where F : struct, IUnaryFunction =>
    [
        (name, (k, b, n) => k.Apply(new UnaryValue<F>(function), b.Floats(n), false, b.Floats(n))),
        ($"{name}, gradient", (k, b, n) => k.Apply(new UnaryGradient<F>(function), b.Floats(n), true, b.Floats(n), b.Floats(n), b.Floats(n))),
    ];

    private static IEnumerable<(string, Action<KernelSet, Buffers, int>)> Binary<F>(string name, F function)
        where F : struct, IBinaryFunction =>
    [
        (name, (k, b, n) => k.Apply(new BinaryValue<F>(function), b.Floats(n), false, b.Floats(n), b.Floats(n))),
        ($"{name}, one on the left", (k, b, n) => k.Apply(new BinaryValue<F>(function), b.Floats(n), true, b.Floats(1), b.Floats(n))),
        ($"{name}, one on the right", (k, b, n) => k.Apply(new LeftGradient<F>(function), b.Floats(n), false, b.Floats(n), b.Floats(1), b.Floats(n))),
        ($"{name}, gradient", (k, b, n) => k.Apply(new RightGradient<F>(function), b.Floats(n), false, b.Floats(n), b.Floats(n), b.Floats(n))),
    ];
}
