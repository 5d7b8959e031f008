namespace Skiptune.Numerics;

internal sealed partial class VectorKernels<V, S>
{
    internal override void Apply<F>(
        F function, Span<float> destination, bool accumulate, ReadOnlySpan<float> first, ReadOnlySpan<float> second = default, ReadOnlySpan<float> third = default)
    {
        int count = destination.Length;
        CheckSources<F>(count, first.Length, second.Length, third.Length);
        if (count == 0)
            return;
        ref float to = ref Start(destination);
        ref float a = ref Start(first);
        ref float b = ref Start(second);
        ref float c = ref Start(third);
        bool manyA = first.Length == count;
        bool manyB = F.Sources > 1 && second.Length == count;
        bool manyC = F.Sources > 2 && third.Length == count;
        V x = S.Broadcast(a);
        V y = F.Sources > 1 ? S.Broadcast(b) : x;
        V z = F.Sources > 2 ? S.Broadcast(c) : x;
        int i = 0;
        for (; i <= count - S.Width; i += S.Width)
        {
            nuint at = (nuint)i;
            if (manyA)
                x = S.Load(ref a, at);
            if (manyB)
                y = S.Load(ref b, at);
            if (manyC)
                z = S.Load(ref c, at);
            V value = function.Invoke<V, S>(x, y, z);
            S.Store(accumulate ? S.Add(S.Load(ref to, at), value) : value, ref to, at);
        }
        int rest = count - i;
        if (rest > 0)
        {
            nuint at = (nuint)i;
            if (manyA)
                x = LoadPartial(ref a, at, rest);
            if (manyB)
                y = LoadPartial(ref b, at, rest);
            if (manyC)
                z = LoadPartial(ref c, at, rest);
            V value = function.Invoke<V, S>(x, y, z);
            StorePartial(accumulate ? S.Add(LoadPartial(ref to, at, rest), value) : value, ref to, at, rest);
        }
    }
}
