using Skiptune.Numerics;

namespace Skiptune.Tests.Numerics;

/// <summary>The kernel forms by name, so that one a machine lacks shows as skipped.</summary>
internal static class Forms
{
    public static readonly string[] Names = ["scalar", "v128", "v256", "v512"];

    public static KernelSet Scalar => KernelSet.Available[0];

    public static TheoryData<string> All => [.. Names];

    public static TheoryData<string, Edge> AllAtBothEdges => new(Names.SelectMany(name => new[] { (name, Edge.End), (name, Edge.Start) }));

    public static KernelSet Get(string name)
    {
        KernelSet? form = KernelSet.Available.FirstOrDefault(form => form.Name == name);
        Assert.SkipWhen(form is null, $"this machine has no {name}");
        return form!;
    }

    /// <summary>Runs the same call on the scalar reference and on a form and compares all bits.</summary>
    public static void Compare(KernelSet form, Buffers expected, Buffers actual, Action<KernelSet, Buffers> call, long seed, string what)
    {
        call(Scalar, expected.Restart(seed));
        call(form, actual.Restart(seed));
        actual.AssertSameBits(expected, $"{form} {what}");
    }
}
