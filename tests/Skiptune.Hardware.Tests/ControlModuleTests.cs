using Skiptune.Hardware.Adapters;
using Skiptune.Hardware.Arithmetic;
using Skiptune.Hardware.Registers;
using Skiptune.Hardware.Simulation;
using Skiptune.Numerics;

namespace Skiptune.Hardware.Tests;

/// <summary>The registers and the loop of training.</summary>
public sealed class ControlModuleTests
{
    private const int Words = 7;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Sequencer(int seed)
    {
        using RtlModule module = Modules.Open("sequencer", ("WORDS", Words));
        SeededRandom random = new(seed);
        // Nothing stalls in the first; single samples, full batches, and none.
        bool stalls = seed > 1;
        foreach (int[] batches in (int[][])[[3], [1, 1, 1], [32, 1, 32, 5], [], [.. Enumerable.Range(0, 9).Select(_ => 1 + random.NextInt32(32))]])
            Check(module, random, batches, stalls);
    }

    [Fact]
    public void Registers_read_what_was_written()
    {
        using RtlModule module = Modules.Open("control_registers", ("CONFIGURATION", 0x12345678));
        SeededRandom random = new(1);
        (Register Register, string Port, uint Mask)[] written =
        [
            (RegisterMap.Samples, "o_samples", 0xFFFF), (RegisterMap.Steps, "o_steps", 0xFFFF),
            (RegisterMap.Shifts, "o_shifts", 0xFFFFF), (RegisterMap.Exponents, "o_exponents", 0xFFFFF),
        ];
        for (int n = 0; n < 40; n++)
        {
            (Register register, string port, uint mask) = written[n % written.Length];
            uint value = n < written.Length ? uint.MaxValue : (uint)random.NextUInt64();
            Write(module, random, register.Offset, value);
            Assert.Equal(value & mask, module[port]);
            Assert.Equal(value & mask, Read(module, random, register.Offset));
        }
        // What only reads keeps what it says; what is not there reads 0.
        foreach (Register register in RegisterMap.All.Where(register => !register.Access.Contains('w', StringComparison.Ordinal)))
            Write(module, random, register.Offset, uint.MaxValue);
        Assert.Equal(RegisterMap.IdentityValue, Read(module, random, RegisterMap.Identity.Offset));
        Assert.Equal(0x12345678u, Read(module, random, RegisterMap.Configuration.Offset));
        Write(module, random, 0xFC, uint.MaxValue);
        Assert.Equal(0u, Read(module, random, 0xFC));
        Modules.Reset(module);
        Assert.All(written, register => Assert.Equal(0u, Read(module, random, register.Register.Offset)));
    }

    [Fact]
    public void Status_keeps_events_until_they_are_cleared()
    {
        using RtlModule module = Modules.Open("control_registers", ("CONFIGURATION", 0x12345678));
        SeededRandom random = new(2);
        (string Port, uint Bit, bool Kept)[] events = [("i_busy", 1, false), ("i_done", 2, true), ("i_order_error", 4, false), ("i_sample_error", 8, true), ("i_parameter_error", 16, true)];
        foreach ((string port, uint bit, bool kept) in events)
        {
            module[port] = 1;
            module.Step();
            Assert.Equal(bit, Read(module, random, RegisterMap.Status.Offset));
            module[port] = 0;
            Assert.Equal(kept ? bit : 0, Read(module, random, RegisterMap.Status.Offset));
            Write(module, random, RegisterMap.Status.Offset, ~bit);
            Assert.Equal(kept ? bit : 0, Read(module, random, RegisterMap.Status.Offset));
            Write(module, random, RegisterMap.Status.Offset, bit);
            Assert.Equal(0u, Read(module, random, RegisterMap.Status.Offset));
        }
        module["i_done"] = 1;
        module.Step();
        module["i_done"] = 0;
        Assert.Equal(0, module["o_interrupt"]);
        Write(module, random, RegisterMap.InterruptEnable.Offset, 1);
        Assert.Equal((1, 1u), (module["o_interrupt"], Read(module, random, RegisterMap.InterruptEnable.Offset)));
        Write(module, random, RegisterMap.Status.Offset, 2);
        Assert.Equal(0, module["o_interrupt"]);
    }

    [Theory]
    [InlineData(1u, "o_start", true)]
    [InlineData(2u, "o_abort", false)]
    [InlineData(4u, "o_send", true)]
    public void Control_commands_last_a_cycle_and_wait_for_no_job(uint bit, string port, bool refusedInAJob)
    {
        using RtlModule module = Modules.Open("control_registers", ("CONFIGURATION", 0x12345678));
        foreach (bool busy in new[] { false, true })
        {
            module["i_busy"] = busy ? 1 : 0;
            module["i_awaddr"] = RegisterMap.Control.Offset;
            module["i_wdata"] = bit;
            module["i_awvalid"] = 1;
            module["i_wvalid"] = 1;
            module["i_bready"] = 1;
            module.Step();
            string[] given = [.. new[] { "o_start", "o_abort", "o_send" }.Where(name => module[name] == 1)];
            Assert.Equal(busy && refusedInAJob ? [] : [port], given);
            module["i_awvalid"] = 0;
            module["i_wvalid"] = 0;
            module.Step(2);
            Assert.Equal(0, module[port]);
        }
    }

    [Fact]
    public void Counters_count_a_job_and_start_again_with_the_next()
    {
        using RtlModule module = Modules.Open("control_registers", ("CONFIGURATION", 0x12345678));
        SeededRandom random = new(3);
        (string Port, Register Register)[] counters =
        [
            ("i_busy", RegisterMap.Cycles), ("i_base_busy", RegisterMap.CyclesBase), ("i_issue", RegisterMap.CyclesIssue),
            ("i_waits_samples", RegisterMap.CyclesWaitSamples), ("i_waits_order", RegisterMap.CyclesWaitOrder),
        ];
        for (int job = 0; job < 2; job++)
        {
            Write(module, random, RegisterMap.Control.Offset, 1);
            uint[] counts = new uint[counters.Length];
            for (int cycle = 0; cycle < 300; cycle++)
            {
                for (int i = 0; i < counters.Length; i++)
                {
                    bool on = random.NextInt32(i + 2) == 0;
                    module[counters[i].Port] = on ? 1 : 0;
                    counts[i] += on ? 1u : 0;
                }
                module.Step();
            }
            foreach ((string port, _) in counters)
                module[port] = 0;
            Assert.Equal(counts, counters.Select(counter => Read(module, random, counter.Register.Offset)));
        }
    }

    // A job of the sequencer in surroundings that keep its contract, at any pace.
    private static void Check(RtlModule module, SeededRandom random, int[] batches, bool stalls)
    {
        EngineCommand[] commands = [.. TrainingSchedule.Commands(batches, Words)];
        int[] newest = [.. batches.Select((_, i) => Math.Min(1023, 40 * i + random.NextInt32(40)))];
        int[] rates = [.. batches.Select(_ => Vectors.Unsigned(random, Formats.RateBits))];
        (int issued, int begun, int released, int samples, int done, int pending) = (0, 0, 0, 0, 0, 0);
        // The accelerator resets it before each job.
        Modules.Reset(module);
        module["i_steps"] = batches.Length;
        module["i_hold"] = 0;
        module["i_gradient"] = 0;
        module["i_start"] = 1;
        module.Step();
        module["i_start"] = 0;
        long started = module.Cycle;
        for (int cycle = 0; cycle < 100_000 && done == 0; cycle++)
        {
            bool available = begun < batches.Length && (!stalls || random.NextInt32(20) == 0);
            bool hold = stalls && random.NextInt32(5) == 0;
            bool gradient = pending > 0 && (!stalls || random.NextInt32(4) == 0);
            samples = Math.Min(1024, samples + (stalls ? random.NextInt32(2) : 1024));
            module["i_available"] = available ? 1 : 0;
            module["i_last"] = begun < batches.Length ? batches[begun] - 1 : 31;
            module["i_rate"] = begun < batches.Length ? rates[begun] : 0;
            module["i_newest"] = begun < batches.Length ? newest[begun] : 0;
            module["i_samples"] = samples;
            module["i_hold"] = hold ? 1 : 0;
            module["i_gradient"] = gradient ? 1 : 0;
            module.Settle();
            pending -= gradient ? 1 : 0;
            if (module["o_begin"] == 1)
            {
                Assert.True(available && samples > newest[begun], "a batch began before its samples were there");
                Assert.Equal(begun % 3, module["o_bank"]);
                begun++;
            }
            released += (int)module["o_release"];
            Assert.True(begun - released <= 3, "more batches in use than are kept");
            if (module["o_issue"] == 1)
            {
                Assert.False(hold, "a command in a cycle that belongs to the base");
                EngineCommand command = commands[issued++];
                Assert.Equal(command, new EngineCommand(
                    command.Pass, (int)module["o_slot"], (int)module["o_sample"], module["o_gradient"] == 1, module["o_forward"] == 1,
                    module["o_backward"] == 1, module["o_first"] == 1, module["o_last"] == 1));
                if (command.Gradient)
                    Assert.Equal((command.Pass - 1) % 3, module["o_gradient_bank"]);
                if (command.Forward)
                    Assert.Equal((command.Pass % 3, rates[command.Pass]), ((int)module["o_forward_bank"], (int)module["o_rate"]));
                // The last word of a sample makes its gradient.
                pending += command.Forward && command.Slot == Words ? 1 : 0;
            }
            module.Step();
            done += (int)module["o_done"];
        }
        Assert.Equal((1, commands.Length, batches.Length), (done, issued, begun));
        Assert.Equal(0, module["o_busy"]);
        // A pass begins with one cycle of its own; 41 later all is written.
        if (!stalls)
            Assert.InRange(module.Cycle - started, commands.Length + batches.Length + 41, commands.Length + batches.Length + 45 + 2 * batches.Sum());
    }

    private static void Write(RtlModule module, SeededRandom random, int offset, uint value)
    {
        module["i_awaddr"] = offset;
        module["i_wdata"] = value;
        module["i_bready"] = 0;
        // Address and data come at any time and are taken together.
        (int address, int data) = (random.NextInt32(4), random.NextInt32(4));
        for (int cycle = 0; cycle <= Math.Max(address, data); cycle++)
        {
            module["i_awvalid"] = cycle >= address ? 1 : 0;
            module["i_wvalid"] = cycle >= data ? 1 : 0;
            module.Settle();
            bool both = cycle >= address && cycle >= data;
            Assert.Equal((both ? 1 : 0, both ? 1 : 0), ((int)module["o_awready"], (int)module["o_wready"]));
            module.Step();
        }
        module["i_awvalid"] = 0;
        module["i_wvalid"] = 0;
        // The response waits for its reader.
        for (int wait = random.NextInt32(3); wait > 0; wait--)
        {
            Assert.Equal(1, module["o_bvalid"]);
            module.Step();
        }
        Assert.Equal(1, module["o_bvalid"]);
        module["i_bready"] = 1;
        module.Step();
        Assert.Equal(0, module["o_bvalid"]);
    }

    private static uint Read(RtlModule module, SeededRandom random, int offset)
    {
        module["i_araddr"] = offset;
        module["i_arvalid"] = 1;
        module["i_rready"] = 0;
        module.Settle();
        Assert.Equal(1, module["o_arready"]);
        module.Step();
        module["i_arvalid"] = 0;
        module["i_araddr"] = 0;
        uint value = (uint)module["o_rdata"];
        for (int wait = random.NextInt32(3); wait > 0; wait--)
        {
            module.Step();
            Assert.Equal((1, value), ((int)module["o_rvalid"], (uint)module["o_rdata"]));
        }
        module["i_rready"] = 1;
        module.Step();
        Assert.Equal(0, module["o_rvalid"]);
        return value;
    }
}
