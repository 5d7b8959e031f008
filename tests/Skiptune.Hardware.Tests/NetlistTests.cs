namespace Skiptune.Hardware.Tests;

/// <summary>
/// What Yosys maps the modules to, in LUTs, carry chains, registers and multipliers, under the tests of the modules: the same
/// vectors against the same integer model.
/// </summary>
public sealed class NetlistTests
{
    private const int Lanes = 16;
    private const int Rank = 4;
    private const int Classes = 10;

    [Fact]
    public void Dual_multiplier() => Check(() => new UnitModuleTests().Two_products_in_one_multiplier());

    [Fact]
    public void Softmax() => Check(() => new UnitModuleTests().Softmax(Classes, 5243));

    [Fact]
    public void Block_quantiser() => Check(() => new UnitModuleTests().Block_quantiser(Lanes));

    [Fact]
    public void Dot_product() => Check(() => new AdapterModuleTests().Dot_product(Lanes));

    [Fact]
    public void Gradient_lanes() => Check(() => new AdapterModuleTests().Gradient_lanes(Lanes));

    [Fact]
    public void Hidden_sums() => Check(() => new AdapterModuleTests().Hidden_sums(Rank));

    [Fact]
    public void Scores() => Check(() => new AdapterModuleTests().Scores(Rank, Classes));

    [Fact]
    public void Backward() => Check(() => new AdapterModuleTests().Backward(Rank, Classes));

    [Fact]
    public void Reciprocal() => Check(() => new ArithmeticModuleTests().Reciprocal(21));

    [Fact]
    public void Sequencer() => Check(() => new ControlModuleTests().Sequencer(1));

    [Fact]
    public void Dense_layer() => Check(() => new ConvolutionModuleTests().Dense_layer(7, 84, Classes, 1, stalls: true));

    private static void Check(Action test)
    {
        Tools.Require("verilator", "g++", "make", "yosys");
        Modules.OnNetlists(test);
    }
}
