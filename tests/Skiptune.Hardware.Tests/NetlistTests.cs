namespace Skiptune.Hardware.Tests;

/// <summary>
/// What Yosys maps the modules to, in LUTs, carry chains, registers and multipliers, under the tests of the modules: the same
/// vectors against the same integer model. These are the modules from the cache to the softmax.
/// </summary>
public sealed class ForwardNetlistTests
{
    [Fact]
    public void Softmax() => Netlists.Check(() => new UnitModuleTests().Softmax(Netlists.Classes, 5243));

    [Fact]
    public void Block_quantiser() => Netlists.Check(() => new UnitModuleTests().Block_quantiser(Netlists.Lanes));

    [Fact]
    public void Hidden_sums() => Netlists.Check(() => new AdapterModuleTests().Hidden_sums(Netlists.Rank));

    [Fact]
    public void Scores() => Netlists.Check(() => new AdapterModuleTests().Scores(Netlists.Rank, Netlists.Classes));

    [Fact]
    public void Reciprocal() => Netlists.Check(() => new ArithmeticModuleTests().Reciprocal(21));
}

/// <summary>The same of the other modules; a class of its own, so that two benches are built beside each other.</summary>
public sealed class OtherNetlistTests
{
    [Fact]
    public void Backward() => Netlists.Check(() => new AdapterModuleTests().Backward(Netlists.Rank, Netlists.Classes));

    [Fact]
    public void Gradient_lanes() => Netlists.Check(() => new AdapterModuleTests().Gradient_lanes(Netlists.Lanes));

    [Fact]
    public void Dot_product() => Netlists.Check(() => new AdapterModuleTests().Dot_product(Netlists.Lanes));

    [Fact]
    public void Dense_layer() => Netlists.Check(() => new ConvolutionModuleTests().Dense_layer(7, 84, Netlists.Classes, 1, stalls: true));

    [Fact]
    public void Sequencer() => Netlists.Check(() => new ControlModuleTests().Sequencer(1));

    [Fact]
    public void Dual_multiplier() => Netlists.Check(() => new UnitModuleTests().Two_products_in_one_multiplier());
}

internal static class Netlists
{
    public const int Lanes = 16;
    public const int Rank = 4;
    public const int Classes = 10;

    public static void Check(Action test)
    {
        Tools.Require("verilator", "g++", "yosys");
        Modules.OnNetlists(test);
    }
}
