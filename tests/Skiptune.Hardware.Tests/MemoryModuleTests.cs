using Skiptune.Hardware.Adapters;
using Skiptune.Hardware.Simulation;
using Skiptune.Numerics;

namespace Skiptune.Hardware.Tests;

/// <summary>Memories, the cutting of values into words, and the reader of the order, under random traffic.</summary>
public sealed class MemoryModuleTests
{
    private const int Width = 40;

    [Theory]
    [InlineData(1000)]
    [InlineData(6000)]
    public void Sample_cache(int depth)
    {
        using RtlModule module = Modules.Open("sample_cache", ("WIDTH", Width), ("DEPTH", depth));
        SeededRandom random = new(depth);
        long[] content = new long[depth];
        for (int address = 0; address < depth; address++)
            Write(address);
        // What was read from each port, and when.
        long?[] read = new long?[8];
        for (int cycle = 0; cycle < 5000; cycle++)
        {
            int a = random.NextInt32(depth);
            int b = cycle % 16 == 0 ? depth - 1 : random.NextInt32(depth);
            bool write = random.NextInt32(3) == 0;
            (bool aReads, bool bReads) = (!write && random.NextInt32(4) > 0, random.NextInt32(4) > 0 && !(write && a == b));
            module["i_a_enable"] = write || aReads ? 1 : 0;
            module["i_b_enable"] = bReads ? 1 : 0;
            module["i_b_address"] = b;
            long?[] now = [aReads ? content[a] : null, bReads ? content[b] : null];
            if (write)
                Write(a);
            else
            {
                module["i_a_write"] = 0;
                module["i_a_address"] = a;
                module.Step();
            }
            read = [.. now, .. read[..4]];
            if (read[4] is { } fromA)
                Assert.Equal(fromA, module["o_a_data"]);
            if (read[5] is { } fromB)
                Assert.Equal(fromB, module["o_b_data"]);
        }

        void Write(int address)
        {
            content[address] = (long)(random.NextUInt64() >> (64 - Width));
            module["i_a_enable"] = 1;
            module["i_a_write"] = 1;
            module["i_a_address"] = address;
            module["i_a_data"] = content[address];
            module.Step();
        }
    }

    [Fact]
    public void Master_memory()
    {
        const int Depth = 5;
        using RtlModule module = Modules.Open("master_memory", ("WIDTH", Width), ("DEPTH", Depth));
        SeededRandom random = new(1);
        long[] content = new long[Depth];
        long?[] read = new long?[2];
        for (int cycle = 0; cycle < 500; cycle++)
        {
            bool write = cycle < Depth || random.NextInt32(2) == 0;
            int row = cycle < Depth ? cycle : random.NextInt32(Depth);
            int reads = random.NextInt32(Depth);
            module["i_write"] = write ? 1 : 0;
            module["i_write_row"] = row;
            long value = (long)(random.NextUInt64() >> (64 - Width));
            module["i_write_data"] = value;
            module["i_read_row"] = reads;
            // A row is not read while it is written.
            read = [cycle > Depth && !(write && reads == row) ? content[reads] : null, read[0]];
            if (write)
                content[row] = value;
            module.Step();
            if (read[1] is { } expected)
                Assert.Equal(expected, module["o_read_data"]);
        }
    }

    [Theory]
    [InlineData(2, 0)]
    [InlineData(6, 1)]
    [InlineData(16, 2)]
    [InlineData(1, 3)]
    [InlineData(1, 4)]
    public void Word_packer(int values, int layer)
    {
        foreach (int lanes in UnitBench.Lanes)
        {
            int count = LayerTable.Taps[layer].Values;
            using RtlModule module = Modules.Open("word_packer", ("LANES", lanes), ("VALUES", values), ("COUNT", count), ("SAMPLE_BITS", 4));
            SeededRandom random = new(lanes);
            // More than the samples' numbers can count.
            for (int sample = 0; sample < 18; sample++)
            {
                byte[] all = sample == 0 ? [.. Enumerable.Repeat((byte)255, count)] : Modules.Bytes(random, count);
                byte[][] words = [.. BlockQuantizer.Pack(all, lanes)];
                Assert.Equal(LayerTable.Taps[layer].Words(lanes), words.Length);
                int seen = 0;
                for (int sent = 0; sent < count;)
                {
                    bool valid = random.NextInt32(4) > 0;
                    module["i_valid"] = valid ? 1 : 0;
                    module.Set("i_values", [.. all.Skip(sent).Take(values).Select(value => (int)value)]);
                    module["i_take"] = module["o_valid"];
                    module.Step();
                    sent += valid ? values : 0;
                    if (module["o_valid"] == 0)
                        continue;
                    Assert.Equal(words[seen], module.Get("o_word", lanes).Select(value => (byte)value));
                    Assert.Equal((seen, seen == words.Length - 1 ? 1 : 0, sample % 16), ((int)module["o_index"], (int)module["o_last"], (int)module["o_sample"]));
                    seen++;
                }
                Assert.Equal(words.Length, seen);
            }
        }
    }
}
