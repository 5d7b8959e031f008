namespace Skiptune.Numerics;

public abstract partial class KernelSet
{
    /// <summary>
    /// destination (+)= function(first, second, third), element by element. A source of one value stands for as many as
    /// the destination has. Sources the function does not read may be left out.
    /// </summary>
    internal abstract void Apply<F>(
        F function, Span<float> destination, bool accumulate, ReadOnlySpan<float> first, ReadOnlySpan<float> second = default, ReadOnlySpan<float> third = default)
        where F : struct, IFunction;

    private protected static void CheckSources<F>(int count, int first, int second, int third)
        where F : struct, IFunction
    {
        if (!Fits(first) || (F.Sources > 1 && !Fits(second)) || (F.Sources > 2 && !Fits(third)))
            throw new ArgumentException($"sources of {first}, {second} and {third} values do not fit a destination of {count}");
        bool Fits(int length) => length == count || length == 1;
    }
}
