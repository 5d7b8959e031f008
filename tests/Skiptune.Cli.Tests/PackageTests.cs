using System.Reflection;

namespace Skiptune.Cli.Tests;

/// <summary>The packages, used as a newcomer would: from a folder, in a project of one's own.</summary>
[Trait("Category", "Packages")]
public sealed class PackageTests : CliTest
{
    private const string UserProgram = """
        using Skiptune;
        using Skiptune.Networks;

        Model model = new(ReferenceCnn.Create(seed: 1));
        model.SaveOnnx("base.onnx");
        using Skiptune.FineTuning.FineTuner tuner = Model.Load("base.onnx").CreateFineTuner();
        System.Console.WriteLine(tuner.Plan.TrainableParameters);
        """;

    [Fact]
    public void BothPackagesInstallAndRun()
    {
        string root = Metadata("RepositoryRoot");
        foreach (string project in (string[])["Skiptune", "Skiptune.Cli"])
            DotNet("pack", Path.Combine(root, "src", project), "-c", "Release", "-o", In("packages"), "--nologo");
        // Where the packages come from; and a cache of one's own, so that no older build of the same version is used.
        File.WriteAllText(In("nuget.config"), """
            <configuration>
              <packageSources><add key="local" value="packages" /></packageSources>
            </configuration>
            """);

        Directory.CreateDirectory(In("user"));
        File.WriteAllText(In("user/user.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <RestorePackagesPath>../cache</RestorePackagesPath>
              </PropertyGroup>
              <ItemGroup><PackageReference Include="Skiptune" Version="{Metadata("Version")}" /></ItemGroup>
            </Project>
            """);
        File.WriteAllText(In("user/Program.cs"), UserProgram);
        Assert.Equal("10456", DotNet("run", "--project", In("user/user.csproj")).Output.Trim().Split('\n')[^1]);

        DotNet("tool", "install", "Skiptune.Tool", "--version", Metadata("Version"), "--tool-path", In("tools"), "--add-source", In("packages"));
        string skiptune = In(OperatingSystem.IsWindows() ? "tools/skiptune.exe" : "tools/skiptune");
        ProcessRun methods = ProcessRun.Of(skiptune, Folder, ["methods"]);
        Assert.Equal(0, methods.Code);
        Assert.Contains("skip2-lora", methods.Output, StringComparison.Ordinal);
        // With the model and images that come along.
        ProcessRun evaluation = ProcessRun.Of(skiptune, Folder, ["evaluate", "--rotate", "0", "--test-samples", "100"]);
        Assert.True(evaluation.Code == 0, evaluation.Error);
    }

    private static string Metadata(string key) =>
        typeof(PackageTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(one => one.Key == key).Value!;

    private ProcessRun DotNet(params string[] arguments)
    {
        ProcessRun run = ProcessRun.Of("dotnet", Folder, arguments, limit: 300_000);
        Assert.True(run.Code == 0, $"dotnet {string.Join(' ', arguments)}: {run.Output}{run.Error}");
        return run;
    }
}
