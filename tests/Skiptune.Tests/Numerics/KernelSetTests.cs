using Skiptune.Numerics;

namespace Skiptune.Tests.Numerics;

public class KernelSetTests
{
    [Fact]
    public void Each_available_form_can_be_chosen()
    {
        Assert.Equal("scalar", KernelSet.Available[0].Name);
        Assert.All(KernelSet.Available, form => Assert.Contains(form.Name, Forms.Names));
        Assert.All(KernelSet.Available, form => Assert.Same(form, KernelSet.Choose(form.Name)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Without_a_choice_it_is_the_widest(string? name) => Assert.Same(KernelSet.Available[^1], KernelSet.Choose(name));

    [Theory]
    [InlineData("v1024")]
    [InlineData("Scalar")]
    public void An_unknown_form_is_named_in_one_line(string name)
    {
        SkiptuneException exception = Assert.Throws<SkiptuneException>(() => KernelSet.Choose(name));
        Assert.Contains($"{KernelSet.Variable}={name}", exception.Message, StringComparison.Ordinal);
        Assert.Contains("scalar", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
    }

    [Fact]
    public void The_form_in_use_is_the_one_the_variable_names() =>
        Assert.Same(KernelSet.Choose(Environment.GetEnvironmentVariable(KernelSet.Variable)), KernelSet.Current);
}
