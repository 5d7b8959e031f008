using System.Diagnostics;

namespace Skiptune.Cli.Tests;

/// <summary>A command loads what it needs: the watch's database, web server and broker client are nobody else's burden.</summary>
public sealed class StartUpTests : CliTest
{
    [Theory]
    [InlineData("methods")]
    [InlineData("inspect", true)]
    [InlineData("--help")]
    public void OtherCommandsLoadNothingOfTheWatch(string arguments, bool model = false)
    {
        ProcessStartInfo start = new("dotnet", [Path.Combine(AppContext.BaseDirectory, "Skiptune.Cli.dll"), arguments, .. model ? [BaseModel] : (string[])[]])
        {
            WorkingDirectory = Folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            Environment = { ["DOTNET_STARTUP_HOOKS"] = typeof(StartupHook).Assembly.Location, [StartupHook.Variable] = In("loaded") },
        };
        using Process process = Process.Start(start)!;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        string[] loaded = File.ReadAllLines(In("loaded"));
        Assert.Contains("Skiptune.Cli", loaded);
        Assert.DoesNotContain(loaded, name => name.StartsWith("Skiptune.Streaming", StringComparison.Ordinal)
            || name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal)
            || name.StartsWith("Microsoft.Data.Sqlite", StringComparison.Ordinal)
            || name.StartsWith("RabbitMQ", StringComparison.Ordinal));
    }
}
