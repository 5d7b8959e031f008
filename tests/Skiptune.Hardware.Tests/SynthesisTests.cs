using Skiptune.Hardware.Simulation;
using Skiptune.Hardware.Synthesis;

namespace Skiptune.Hardware.Tests;

/// <summary>How the report reads what Yosys writes.</summary>
public sealed class SynthesisTests
{
    [Fact]
    public void Modules_that_are_mapped_by_themselves_are_in_the_RTL() =>
        Assert.All(DesignTree.Boundaries, module => Assert.Contains($"{module}.sv", RtlSources.Files));

    [Fact]
    public void Modules_count_once_a_use_and_those_between_belong_to_the_one_around()
    {
        DesignTree tree = DesignTree.Read(
        [
            @"module $paramod$12ab\dense_layer", @"  cell \dual_multiplier \g_pair[0].multiplier", @"  cell \dual_multiplier \g_pair[1].multiplier", "end",
            @"module $paramod\dense_layer\INPUTS=s32'00000000000000000000000000000001", @"  cell \dual_multiplier \multiplier", "end",
            @"module \saturate", @"  cell $add $add$1", "end",
            @"module \dual_multiplier", @"  cell $mul $mul$1", @"  cell \saturate \limit", "end",
            @"module \skiptune_accelerator",
            @"  cell $paramod$12ab\dense_layer \third", @"  cell $paramod$12ab\dense_layer \fourth", @"  cell $paramod\dense_layer\INPUTS=s32'00000000000000000000000000000001 \g_last.fifth",
            @"  cell \saturate \limit", "end",
        ]);
        Assert.Equal(
            [("dense_layer fifth", 1), ("dense_layer third", 2), ("dual_multiplier", 5), ("skiptune_accelerator", 1)],
            tree.Mapped("skiptune_accelerator").Select(module => (module.Label, module.Count)).Order());
        Assert.Equal([@"\dual_multiplier"], tree.Below(@"$paramod$12ab\dense_layer"));
        Assert.Equal(2, tree.Below(@"\skiptune_accelerator").Count);
    }

    [Fact]
    public void A_path_is_named_by_the_first_and_last_signals_of_the_RTL()
    {
        TimingPath path = TimingPath.Read(
        [
            "Warning: Module 'DSP48E2' has no timing arcs!",
            "Latest arrival time in 'skiptune_accelerator' is 3844:",
            @"    3844 $flatten\loss.$auto$ff.cc:266:slice$1 (FDRE.R)",
            @"           \loss.divider.lesser [22]",
            @"    3440 $flatten\loss.carry4 (CARRY4.CI->O)",
            @"           $flatten\loss.$abc$1",
            @"     303 $flatten\loss.$auto$ff.cc:266:slice$2 (FDRE.C->Q)",
            @"       0   \i_clk (<primary input>)",
            @"           \loss.adder.sums [1]",
            "Arrival histogram:",
            @"           \not.a.part",
        ]);
        Assert.Equal(new TimingPath(3.844, "loss.adder.sums", "loss.divider.lesser"), path);
        Assert.Throws<SkiptuneException>(() => TimingPath.Read(["nothing"]));
    }

    [Theory]
    [InlineData("LUT6", "LUT", 1)]
    [InlineData("RAM32M16", "LUT", 8)]
    [InlineData("FDSE", "FF", 1)]
    [InlineData("RAMB18E2", "BRAM", 0.5)]
    public void Cells_take_what_the_part_has(string cell, string resource, double count) =>
        Assert.Equal([(resource, count)], Resources.OfCell(cell)!.Named.Where(named => named.Count > 0));

    [Fact]
    public void A_cell_that_is_not_known_is_not_nothing() => Assert.Null(Resources.OfCell("FIFO36E2"));

    [Fact]
    public void A_report_is_the_sum_of_its_modules_and_fits_up_to_the_bound()
    {
        SynthesisReport report = new()
        {
            Hardware = new AcceleratorOptions(),
            Modules = [new("a", 3, Resources.None with { Luts = 20, BlockRams = 0.5 }, 2.5), new("b", 1, Resources.None with { Luts = 25 }, 1)],
            Part = new Resources(100, 100, 100, 100, 100),
            WholePath = new TimingPath(3, "x", "y"),
            Seconds = 1,
        };
        Assert.Equal(Resources.None with { Luts = 85, BlockRams = 1.5 }, report.Used);
        Assert.Equal(3, report.PathNanoseconds);
        Assert.True(report.Fits);
        Assert.False((report with { Part = report.Part with { Luts = 99 } }).Fits);
    }
}
