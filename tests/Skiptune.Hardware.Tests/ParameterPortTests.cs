using Skiptune.Hardware.Arithmetic;
using Skiptune.Hardware.Driver;
using Skiptune.Hardware.Simulation;
using Skiptune.Numerics;

namespace Skiptune.Hardware.Tests;

/// <summary>The way of parameters in and of masters out.</summary>
public sealed class ParameterPortTests
{
    private const int Words = 3;

    public static TheoryData<int, int> Heads => new(UnitBench.Heads);

    [Theory]
    [MemberData(nameof(Heads))]
    public void Rows_arrive_in_their_memories(int rank, int classes)
    {
        using RtlModule module = Open(rank, classes);
        SeededRandom random = new(rank);
        (ParameterTarget Target, int Values, int Width, string Port)[] memories =
        [
            (ParameterTarget.FirstConvolution, 6 * 25 + 6 * 3, 8, "o_first"),
            (ParameterTarget.SecondConvolution, 16 * 30, 8, "o_weights"),
            (ParameterTarget.ThirdLayer, 120, 8, "o_weights"),
            (ParameterTarget.FourthLayer, 28, 8, "o_weights"),
            (ParameterTarget.FifthLayer, classes, 8, "o_weights"),
            (ParameterTarget.SecondBias, 16, Formats.SumBits, "o_second_bias"),
            (ParameterTarget.Down, 16 * rank, Formats.MasterBits, "o_down"),
            (ParameterTarget.Up, classes * rank, Formats.MasterBits, "o_up"),
        ];
        for (int n = 0; n < 60; n++)
        {
            (ParameterTarget target, int values, int width, string name) = memories[n % memories.Length];
            int first = random.NextInt32(300);
            ParameterRow[] rows = [.. Enumerable.Range(first, 1 + random.NextInt32(4)).Select(row => new ParameterRow(
                target, row, [.. Enumerable.Range(0, values).Select(_ => (int)Vectors.Signed(random, width, Vectors.KindOf(n / memories.Length)))], width))];
            uint[] packet = StreamFormat.Parameters(rows).Single();
            int written = 0;
            for (int sent = 0; sent < packet.Length || written < rows.Length;)
            {
                bool taken = Offer(module, random, sent < packet.Length ? packet[sent] : null, sent == packet.Length - 1);
                sent += taken ? 1 : 0;
                Assert.Equal(0, module["o_error"]);
                if (module["o_write"] == 0)
                    continue;
                Assert.Equal(1 << (int)target, module["o_write"]);
                Assert.Equal(rows[written].Row, module["o_row"]);
                RtlPort port = module.Port(name);
                Assert.Equal(rows[written].Values, Enumerable.Range(0, values).Select(i => (int)module.Outputs.ReadSigned(port.Offset + i * width, width)));
                written++;
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_packet_that_ends_early_is_an_error_and_the_next_is_read(bool header)
    {
        using RtlModule module = Open(1, 1);
        SeededRandom random = new(1);
        ParameterRow row = new(ParameterTarget.SecondBias, 0, [.. Enumerable.Range(0, 16)], Formats.SumBits);
        uint[] packet = StreamFormat.Parameters([row]).Single();
        int errors = Send(packet[..(header ? 1 : packet.Length - 1)]);
        Assert.Equal(1, errors);
        Assert.Equal(0, Send(packet));
        Assert.Equal(1 << (int)row.Target, module["o_write"]);
        Assert.Equal(row.Values, module.GetSigned("o_second_bias", 16));

        int Send(uint[] words)
        {
            int seen = 0;
            for (int sent = 0; sent < words.Length;)
            {
                sent += Offer(module, random, words[sent], sent == words.Length - 1) ? 1 : 0;
                seen += (int)module["o_error"];
            }
            return seen;
        }
    }

    [Theory]
    [MemberData(nameof(Heads))]
    public void Masters_leave_row_by_row(int rank, int classes)
    {
        using RtlModule module = Open(rank, classes);
        SeededRandom random = new(rank);
        ParameterRow[] rows =
        [
            .. Enumerable.Range(0, Words).Select(row => Row(ParameterTarget.Down, row, 16 * rank)),
            .. Enumerable.Range(0, LayerTable.Taps.Length).Select(row => Row(ParameterTarget.Up, row, classes * rank)),
        ];
        uint[] expected = [.. rows.SelectMany(row => row.Words())];
        List<uint> received = [];
        module["i_send"] = 1;
        module.Step();
        module["i_send"] = 0;
        long[] asked = [-1, -1, -1];
        bool last = false;
        for (int cycle = 0; cycle < 20_000 && !last; cycle++)
        {
            // Memories that answer three cycles later, and with something else before.
            asked = [module["o_row"], .. asked[..2]];
            bool there = asked.All(row => row == asked[0]);
            Answer("i_down", rows[..Words], there);
            Answer("i_up", rows[Words..], there);
            bool ready = random.NextInt32(3) > 0;
            module["i_result_ready"] = ready ? 1 : 0;
            module.Settle();
            if (ready && module["o_result_valid"] == 1)
            {
                received.Add((uint)module["o_result"]);
                last = module["o_result_last"] == 1;
            }
            module.Step();
        }
        Assert.Equal(expected, received);
        module.Step(20);
        Assert.Equal((0, 1), (module["o_result_valid"], module["o_ready"]));

        void Answer(string port, ParameterRow[] memory, bool there)
        {
            int row = (int)asked[0];
            module.Set(port, there && row < memory.Length ? memory[row].Values : [.. memory[0].Values.Select(_ => -1)]);
        }

        ParameterRow Row(ParameterTarget target, int row, int values) =>
            new(target, row, [.. Enumerable.Range(0, values).Select(_ => (int)Vectors.Signed(random, Formats.MasterBits))], Formats.MasterBits);
    }

    private static RtlModule Open(int rank, int classes)
    {
        RtlModule module = Modules.Open("parameter_port", ("DOWN", 16 * rank * 24), ("UP", classes * rank * 24), ("CLASSES", classes), ("WORDS", Words));
        module["i_enable"] = 1;
        module["i_send"] = 0;
        return module;
    }

    // A cycle, with a word or none; true if it was taken.
    private static bool Offer(RtlModule module, SeededRandom random, uint? word, bool last)
    {
        bool valid = word is not null && random.NextInt32(4) > 0;
        module["i_valid"] = valid ? 1 : 0;
        module["i_data"] = word ?? 0;
        module["i_last"] = last ? 1 : 0;
        module.Settle();
        bool taken = valid && module["o_ready"] == 1;
        module.Step();
        return taken;
    }
}
