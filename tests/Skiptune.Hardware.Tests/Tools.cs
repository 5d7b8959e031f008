namespace Skiptune.Hardware.Tests;

/// <summary>Whether the tools of simulation and synthesis are there.</summary>
internal static class Tools
{
    public static void Require(params string[] tools)
    {
        foreach (string tool in tools.Length > 0 ? tools : ["verilator", "g++"])
            Assert.SkipUnless(Exists(tool), $"{tool} is not installed");
    }

    public static bool Exists(string tool) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, tool)));
}
