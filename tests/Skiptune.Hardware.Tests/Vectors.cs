using Skiptune.Hardware.Adapters;
using Skiptune.Hardware.Arithmetic;
using Skiptune.Numerics;

namespace Skiptune.Hardware.Tests;

/// <summary>Random values with many extremes among them.</summary>
internal static class Vectors
{
    /// <summary>What a case is made of: all zeros, all at one end, or anything.</summary>
    public enum Kind
    {
        Zeros,
        MostPositive,
        MostNegative,
        Random,
    }

    /// <summary>The first cases are corners, the others random.</summary>
    public static Kind KindOf(int index) => (Kind)Math.Min(index, (int)Kind.Random);

    /// <summary>A two's complement number.</summary>
    public static long Signed(SeededRandom random, int bits, Kind kind = Kind.Random)
    {
        long most = (1L << (bits - 1)) - 1;
        return kind switch
        {
            Kind.Zeros => 0,
            Kind.MostPositive => most,
            Kind.MostNegative => -most - 1,
            _ => random.NextInt32(8) switch
            {
                0 => most,
                1 => -most - 1,
                2 => 0,
                // All sizes alike.
                _ => (long)random.NextUInt64() >> (63 - random.NextInt32(bits)),
            },
        };
    }

    /// <summary>A number without sign.</summary>
    public static int Unsigned(SeededRandom random, int bits, Kind kind = Kind.Random) => kind switch
    {
        Kind.Zeros => 0,
        Kind.Random when random.NextInt32(4) > 0 => random.NextInt32(1 << bits),
        _ => (1 << bits) - 1,
    };

    /// <summary>A word of the cache.</summary>
    public static CacheWord Word(SeededRandom random, int lanes, Kind kind = Kind.Random) => new(
        [.. Enumerable.Range(0, lanes).Select(_ => (byte)Unsigned(random, Formats.LevelBits, kind))], Unsigned(random, Formats.ScaleBits, kind));

    /// <summary>Masters at a corner or of all sizes.</summary>
    public static AdapterState State(SeededRandom random, AcceleratorOptions options, Kind kind = Kind.Random)
    {
        AdapterState state = new(options);
        Fill(state.Down, () => (int)Signed(random, Formats.MasterBits, kind));
        Fill(state.Up, () => (int)Signed(random, Formats.MasterBits, kind));
        return state;
    }

    public static void Fill(int[,,] values, Func<int> next)
    {
        for (int i = 0; i < values.GetLength(0); i++)
        {
            for (int j = 0; j < values.GetLength(1); j++)
            {
                for (int k = 0; k < values.GetLength(2); k++)
                    values[i, j, k] = next();
            }
        }
    }

    public static int[] Levels(this CacheWord word) => [.. word.Levels.Select(level => (int)level)];
}
