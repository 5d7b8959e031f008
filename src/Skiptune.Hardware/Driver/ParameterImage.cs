using Skiptune.Hardware.Adapters;
using Skiptune.Hardware.Arithmetic;
using Skiptune.Hardware.Base;

namespace Skiptune.Hardware.Driver;

/// <summary>The memories that the parameter stream fills, by their number on it.</summary>
internal enum ParameterTarget
{
    FirstConvolution = 0,
    SecondConvolution = 1,
    ThirdLayer = 2,
    FourthLayer = 3,
    FifthLayer = 4,
    SecondBias = 5,
    Down = 6,
    Up = 7,
}

/// <summary>A word of a parameter memory: values side by side, the first lowest.</summary>
/// <param name="Target">The memory.</param>
/// <param name="Row">The address in it.</param>
/// <param name="Values">The values.</param>
/// <param name="Width">Bits of each.</param>
internal sealed record ParameterRow(ParameterTarget Target, int Row, int[] Values, int Width)
{
    /// <summary>The row as 32-bit words, lowest first.</summary>
    public uint[] Words()
    {
        uint[] words = new uint[(Values.Length * Width + 31) / 32];
        for (int i = 0; i < Values.Length; i++)
        {
            int at = i * Width;
            ulong value = ((ulong)(uint)Values[i] & ((1UL << Width) - 1)) << (at % 32);
            words[at / 32] |= (uint)value;
            if (value >> 32 != 0)
                words[at / 32 + 1] |= (uint)(value >> 32);
        }
        return words;
    }
}

/// <summary>What the parameter memories hold for a network and its adapters.</summary>
internal static class ParameterImage
{
    private static readonly int[] Groups = [1, 3, 1];

    /// <summary>All rows, memory by memory.</summary>
    public static IEnumerable<ParameterRow> Rows(IntegerNetwork network, AdapterState adapters) => [.. OfNetwork(network), .. OfAdapters(adapters)];

    /// <summary>Weights and biases of the base.</summary>
    public static IEnumerable<ParameterRow> OfNetwork(IntegerNetwork network)
    {
        (IntegerLayer first, IntegerLayer second) = (network.Layers[0], network.Layers[1]);
        // Weights in 8 bits and biases in 24 share a row: all of it in bytes.
        yield return new ParameterRow(ParameterTarget.FirstConvolution, 0, [.. Weights(first), .. first.Bias.SelectMany(Bytes)], 8);
        yield return new ParameterRow(ParameterTarget.SecondBias, 0, second.Bias, Formats.SumBits);
        for (int row = 0; row < 5; row++)
            yield return new ParameterRow(ParameterTarget.SecondConvolution, row, [.. KernelRow(second, row)], 8);
        for (int k = 2; k < network.Layers.Length; k++)
        {
            foreach (ParameterRow row in Dense(network.Layers[k], ParameterTarget.SecondConvolution + (k - 1), Groups[k - 2]))
                yield return row;
        }
    }

    /// <summary>The masters.</summary>
    public static IEnumerable<ParameterRow> OfAdapters(AdapterState state)
    {
        AcceleratorOptions options = state.Options;
        for (int word = 0; word < state.Down.GetLength(0); word++)
            yield return new ParameterRow(ParameterTarget.Down, word, [.. DownRow(state, word)], Formats.MasterBits);
        for (int k = 0; k < LayerTable.Taps.Length; k++)
        {
            int[] values = [.. Enumerable.Range(0, options.Classes * options.Rank).Select(i => state.Up[k, i / options.Rank, i % options.Rank])];
            yield return new ParameterRow(ParameterTarget.Up, k, values, Formats.MasterBits);
        }
    }

    /// <summary>The rows of a dense layer: two of bias, then one for each input, cut into groups of outputs.</summary>
    public static IEnumerable<ParameterRow> Dense(IntegerLayer layer, ParameterTarget target, int groups)
    {
        int units = layer.Outputs / groups;
        for (int input = -2; input < layer.Inputs; input++)
        {
            for (int group = 0; group < groups; group++)
            {
                int[] values = [.. Enumerable.Range(group * units, units).Select(o => input switch
                {
                    -2 => High(layer.Bias[o]),
                    -1 => layer.Bias[o] - 128 * High(layer.Bias[o]),
                    _ => layer.Weights[o, input],
                })];
                yield return new ParameterRow(target, (input + 2) * groups + group, values, 8);
            }
        }
    }

    private static int High(int bias) => (int)FixedPoint.Round(bias, 7) is var high && high > 127 ? 127 : high;

    private static IEnumerable<int> DownRow(AdapterState state, int word)
    {
        for (int r = 0; r < state.Options.Rank; r++)
        {
            for (int lane = 0; lane < state.Options.Lanes; lane++)
                yield return state.Down[word, r, lane];
        }
    }

    private static IEnumerable<int> Weights(IntegerLayer layer) => layer.Weights.Cast<sbyte>().Select(weight => (int)weight);

    private static IEnumerable<int> KernelRow(IntegerLayer layer, int row)
    {
        int count = layer.Inputs / 5;
        for (int o = 0; o < layer.Outputs; o++)
        {
            for (int i = 0; i < count; i++)
                yield return layer.Weights[o, row * count + i];
        }
    }

    private static IEnumerable<int> Bytes(int value) => [value & 255, (value >> 8) & 255, (value >> 16) & 255];
}
