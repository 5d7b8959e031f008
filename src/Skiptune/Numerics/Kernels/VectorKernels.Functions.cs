namespace Skiptune.Numerics;

internal sealed partial class VectorKernels<V>
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
        V x = V.Broadcast(a);
        V y = F.Sources > 1 ? V.Broadcast(b) : x;
        V z = F.Sources > 2 ? V.Broadcast(c) : x;
        int i = 0;
        for (; i <= count - V.Width; i += V.Width)
        {
            nuint at = (nuint)i;
            if (manyA)
                x = V.Load(ref a, at);
            if (manyB)
                y = V.Load(ref b, at);
            if (manyC)
                z = V.Load(ref c, at);
            V value = function.Invoke<V>(x, y, z);
            V.Store(accumulate ? V.Add(V.Load(ref to, at), value) : value, ref to, at);
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
            V value = function.Invoke<V>(x, y, z);
            StorePartial(accumulate ? V.Add(LoadPartial(ref to, at, rest), value) : value, ref to, at, rest);
        }
    }
}
