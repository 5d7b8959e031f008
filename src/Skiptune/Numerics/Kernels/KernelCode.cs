using System.Runtime.CompilerServices;

namespace Skiptune.Numerics;

/// <summary>How the loops that take the time are compiled.</summary>
internal static class KernelCode
{
    /// <summary>
    /// With all optimizations at the first call. The compiler that runs beforehand leaves out methods for which that is demanded, so
    /// the configuration Precompiled, which gives its name to the symbol, does not.
    /// </summary>
    public const MethodImplOptions Optimized =
#if PRECOMPILED
        MethodImplOptions.NoInlining;
#else
        MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization;
#endif
}
