using Skiptune.Hardware.Base;
using Skiptune.Hardware.Simulation;
using Skiptune.Numerics;

namespace Skiptune.Hardware.Tests;

/// <summary>What the tests of modules share: a module after reset, random networks and images.</summary>
internal static class Modules
{
    /// <summary>Builds a module (skipping the test where the tools are missing) and resets it.</summary>
    public static RtlModule Open(string top, params (string Name, long Value)[] parameters)
    {
        Tools.Require();
        RtlModule module = new(RtlDesign.Of(top, parameters), TestContext.Current.CancellationToken);
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
