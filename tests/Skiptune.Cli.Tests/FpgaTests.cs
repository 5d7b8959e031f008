namespace Skiptune.Cli.Tests;

/// <summary>What the commands of the accelerator say where there is none.</summary>
public sealed class FpgaTests : CliTest
{
    [Theory]
    [InlineData("fpga simulate")]
    [InlineData("finetune --backend rtl-sim")]
    public void WithoutVerilatorThePackagesAreNamed(string command)
    {
        string dotnet = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, "dotnet")).First(File.Exists);
        // Neither the tools nor a simulator that was built before.
        ProcessRun run = ProcessRun.Of("env", Folder, [$"PATH={Folder}", $"XDG_CACHE_HOME={Folder}", dotnet, Program, .. command.Split(' '), "--train-samples", "16"]);
        Assert.Equal(1, run.Code);
        string error = Assert.Single(run.ErrorLines);
        Assert.Contains("needs verilator, which is not installed", error, StringComparison.Ordinal);
        Assert.Contains("apt-get install -y --no-install-recommends verilator", error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories));
        Assert.False(Directory.Exists(In("adapters")));
    }

    [Fact]
    public void ABoardThatIsNotThereIsNamedInOneLine()
    {
        Assert.Contains("no such device", Refuse(1, $"fpga run --device {In("uio0")}"), StringComparison.Ordinal);
        File.WriteAllText(In("uio1"), "");
        Assert.Contains("0 ranges of registers and not 4", Refuse(1, $"fpga run --device {In("uio1")}"), StringComparison.Ordinal);
        Assert.Contains("the timeout must be above 0", Refuse(2, "fpga run --timeout 0"), StringComparison.Ordinal);
        Assert.False(Directory.Exists(In("adapters")));
    }
}
