using System.Runtime.CompilerServices;

namespace Skiptune.Numerics;

/// <summary>How the loops that take the time are compiled.</summary>
internal static class KernelCode
{
    /// <summary>
    /// Once, with all optimizations: by the runtime at the first call, or with the program (configuration Precompiled), which leaves
    /// out whatever demands the first.
    /// </summary>
    public const MethodImplOptions Optimized =
#if PRECOMPILED
        MethodImplOptions.NoInlining;
#else
        MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization;
#endif
}
