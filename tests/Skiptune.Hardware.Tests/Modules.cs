using Skiptune.Hardware.Base;
using Skiptune.Hardware.Simulation;
using Skiptune.Numerics;

namespace Skiptune.Hardware.Tests;

/// <summary>What the tests of modules share: a module after reset, random networks and images.</summary>
internal static class Modules
{
    private static readonly AsyncLocal<RtlForm> s_form = new();

    /// <summary>Runs a test with netlists of cells in place of the RTL.</summary>
    public static void OnNetlists(Action test)
    {
        s_form.Value = RtlForm.Cells;
        test();
    }

    /// <summary>Builds a module (skipping the test where the tools are missing) and resets it.</summary>
    public static RtlModule Open(string top, params (string Name, long Value)[] parameters)
    {
        Tools.Require();
        (RtlDesign bench, RtlPart part) = UnitBench.Find(s_form.Value, top, parameters);
        RtlModule module = new(bench, part.Name, TestContext.Current.CancellationToken);
        if (module.Has("i_rst"))
            Reset(module);
        return module;
    }

    public static void Reset(RtlModule module)
    {
        module["i_rst"] = 1;
        module.Step(3);
        module["i_rst"] = 0;
        module.Step();
    }

    /// <summary>One input a cycle through a pipeline.</summary>
    /// <param name="module">The module.</param>
    /// <param name="count">Inputs.</param>
    /// <param name="latency">Cycles from an input to its output.</param>
    /// <param name="drive">Sets the input ports of a cycle; also called for the cycles after the last input.</param>
    /// <param name="check">Looks at the output of an input.</param>
    public static void Pipe(RtlModule module, int count, int latency, Action<int> drive, Action<int> check)
    {
        for (int cycle = 0; cycle < count + latency; cycle++)
        {
            drive(cycle);
            module.Step();
            if (cycle >= latency - 1 && cycle - latency + 1 < count)
                check(cycle - latency + 1);
        }
    }

    public static sbyte[,] Weights(SeededRandom random, int outputs, int inputs, int most = 127)
    {
        sbyte[,] weights = new sbyte[outputs, inputs];
        for (int o = 0; o < outputs; o++)
        {
            for (int i = 0; i < inputs; i++)
                weights[o, i] = (sbyte)(random.NextInt32(2 * most + 1) - most);
        }
        return weights;
    }

    public static IntegerLayer Layer(SeededRandom random, int outputs, int inputs, int shift, int bias = 4000) => new(
        Weights(random, outputs, inputs), [.. Enumerable.Range(0, outputs).Select(_ => random.NextInt32(2 * bias) - bias)], shift, 4);

    public static byte[] Bytes(SeededRandom random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextInt32(3) == 0 ? (byte)0 : (byte)random.NextInt32(256))];
}
