using Skiptune.Numerics.Simd;

namespace Skiptune.Numerics;

/// <summary>
/// What an elementwise kernel computes from up to three values: written once, for every width of vector and for
/// none, so that all kernel forms give the same bits.
/// </summary>
internal interface IFunction
{
    /// <summary>How many of the sources are read: 1 to 3.</summary>
    static abstract int Sources { get; }

    V Invoke<V>(V first, V second, V third)
        where V : struct, ISimd<V>;
}

/// <summary>A function of one value, and how a gradient passes back through it.</summary>
internal interface IUnaryFunction
{
    V Value<V>(V x)
        where V : struct, ISimd<V>;

    /// <summary>The gradient of x, given x, the value y there and the gradient of y.</summary>
    V Gradient<V>(V x, V y, V dy)
        where V : struct, ISimd<V>;
}

/// <summary>A function of two values, and how a gradient passes back through it to either.</summary>
internal interface IBinaryFunction
{
    V Value<V>(V a, V b)
        where V : struct, ISimd<V>;

    /// <summary>The gradient of a, given that of the value.</summary>
    V Left<V>(V a, V b, V dy)
        where V : struct, ISimd<V>;

    /// <summary>The gradient of b, given that of the value.</summary>
    V Right<V>(V a, V b, V dy)
        where V : struct, ISimd<V>;
}
