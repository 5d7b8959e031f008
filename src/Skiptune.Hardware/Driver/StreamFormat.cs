using Skiptune.Hardware.Adapters;
using Skiptune.Hardware.Arithmetic;

namespace Skiptune.Hardware.Driver;

/// <summary>What goes over the accelerator's streams, packet by packet; a word is 32 bits, of the samples 16.</summary>
internal static class StreamFormat
{
    private const int FieldBits = 4;

    /// <summary>Parameters: a header with memory and first row, then rows; those of one memory share a packet.</summary>
    public static IEnumerable<uint[]> Parameters(IEnumerable<ParameterRow> rows)
    {
        foreach (IGrouping<ParameterTarget, ParameterRow> memory in rows.GroupBy(row => row.Target))
            yield return [Header(memory.Key, memory.First().Row), .. memory.SelectMany(row => row.Words())];
    }

    /// <summary>The first word of a packet of parameters.</summary>
    public static uint Header(ParameterTarget memory, int row) => (uint)memory << 28 | (uint)row;

    /// <summary>The order of a batch: for each sample the rate and its place in the job.</summary>
    public static uint[] Order(TrainingStep step) => [.. step.Samples.Select(sample => (uint)step.Rate << 16 | (uint)sample)];

    /// <summary>A sample: two pixels a word, then the label.</summary>
    public static uint[] Sample(byte[] image, byte label)
    {
        uint[] words = new uint[image.Length / 2 + 1];
        for (int i = 0; i < image.Length / 2; i++)
            words[i] = (uint)(image[2 * i] | image[2 * i + 1] << 8);
        words[^1] = label;
        return words;
    }

    /// <summary>A register of fields of four bits, the first lowest.</summary>
    public static uint Packed(IEnumerable<int> values) => values.Select((value, i) => (uint)value << (FieldBits * i)).Aggregate(0u, (all, one) => all | one);

    /// <summary>How many words the result stream sends.</summary>
    public static int MasterWords(AcceleratorOptions options) =>
        LayerTable.Words(options.Lanes) * RowWords(options.Rank * options.Lanes) + LayerTable.Taps.Length * RowWords(options.Classes * options.Rank);

    /// <summary>The masters on the result stream: all rows of A, then of B.</summary>
    public static AdapterState Masters(uint[] words, AcceleratorOptions options)
    {
        AdapterState state = new(options);
        (int lanes, int rank) = (options.Lanes, options.Rank);
        int downWords = RowWords(rank * lanes);
        int upWords = RowWords(options.Classes * rank);
        int at = 0;
        for (int word = 0; word < state.Down.GetLength(0); word++, at += downWords)
        {
            int[] values = Row(words.AsSpan(at, downWords), rank * lanes);
            for (int i = 0; i < values.Length; i++)
                state.Down[word, i / lanes, i % lanes] = values[i];
        }
        for (int k = 0; k < LayerTable.Taps.Length; k++, at += upWords)
        {
            int[] values = Row(words.AsSpan(at, upWords), options.Classes * rank);
            for (int i = 0; i < values.Length; i++)
                state.Up[k, i / rank, i % rank] = values[i];
        }
        return state;
    }

    private static int RowWords(int values) => (values * Formats.MasterBits + 31) / 32;

    private static int[] Row(ReadOnlySpan<uint> words, int count)
    {
        int[] values = new int[count];
        for (int i = 0; i < count; i++)
        {
            int at = i * Formats.MasterBits;
            ulong both = words[at / 32] | (at / 32 + 1 < words.Length ? (ulong)words[at / 32 + 1] << 32 : 0);
            values[i] = (int)(uint)(both >> (at % 32)) << (32 - Formats.MasterBits) >> (32 - Formats.MasterBits);
        }
        return values;
    }
}
