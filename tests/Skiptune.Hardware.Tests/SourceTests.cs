using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Skiptune.Hardware.Adapters;
using Skiptune.Hardware.Arithmetic;
using Skiptune.Hardware.Registers;
using Skiptune.Hardware.Simulation;

namespace Skiptune.Hardware.Tests;

/// <summary>What the RTL and C# must share, and the lint of the RTL.</summary>
public sealed partial class SourceTests
{
    private static readonly string s_root = typeof(SourceTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "RepositoryRoot").Value!;

    [Fact]
    public void Number_formats_are_those_of_the_RTL()
    {
        Dictionary<string, int> rtl = Constant().Matches(RtlSources.Read("rtl/skiptune_pkg.sv")).ToDictionary(
            match => match.Groups["name"].Value, match => int.Parse(match.Groups["value"].Value, CultureInfo.InvariantCulture), StringComparer.Ordinal);
        FieldInfo[] formats = typeof(Formats).GetFields();
        Assert.NotEmpty(formats);
        foreach (FieldInfo format in formats.Where(format => format.Name != nameof(Formats.PixelExponent)))
            Assert.Equal((int)format.GetRawConstantValue()!, rtl[new Register(format.Name, 0, "", "").ConstantName]);
        for (int k = 0; k < LayerTable.Taps.Length; k++)
            Assert.Equal(LayerTable.Taps[k].Values, rtl[$"TAP{k}"]);
    }

    [Fact]
    public void Registers_are_those_of_the_map()
    {
        Assert.Equal(RegisterMap.SystemVerilog(), RtlSources.Read("rtl/skiptune_registers_pkg.sv"));
        Assert.Contains(RegisterMap.Markdown(), File.ReadAllText(Path.Combine(s_root, "docs", "fpga.md")), StringComparison.Ordinal);
        Assert.Equal(RegisterMap.All.Length, RegisterMap.All.Select(register => register.Offset).Distinct().Count());
    }

    [Fact]
    public void The_table_of_powers_is_the_models()
    {
        string rtl = RtlSources.Read("rtl/softmax.sv");
        for (int i = 0; i < 64; i++)
            Assert.Contains($"powers[{i}] = 16'd{SoftmaxModel.Power(i)};", rtl, StringComparison.Ordinal);
    }

    [Fact]
    public void Lint_is_clean_over_the_parameters()
    {
        Tools.Require("verilator");
        string folder = Directory.CreateTempSubdirectory("skiptune-lint-").FullName;
        try
        {
            RtlSources.WriteTo(folder);
            foreach ((int lanes, int rank, int classes, int samples, int batch) in LintedParameters())
            {
                string[] parameters = [$"-GLANES={lanes}", $"-GRANK={rank}", $"-GCLASSES={classes}", $"-GSAMPLES={samples}", $"-GBATCH={batch}"];
                Toolchain.Run(folder, "verilator", ["--lint-only", "-Wall", "+define+ASSERT", "--assert", "--top-module", "skiptune_accelerator", .. parameters, .. RtlSources.Files], TestContext.Current.CancellationToken);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // Every rank, and with each of the lanes the least and the most of everything else.
    private static IEnumerable<(int Lanes, int Rank, int Classes, int Samples, int Batch)> LintedParameters()
    {
        int[] classes = [1, 2, 3, 10, 16];
        for (int rank = 1; rank <= 8; rank++)
            yield return (16 << (rank % 3), rank, classes[rank % classes.Length], 16 << rank, 4 << (rank % 4));
        foreach (int lanes in UnitBench.Lanes)
        {
            yield return (lanes, 1, 1, 16, 4);
            yield return (lanes, 8, 16, 4096, 32);
        }
    }

    [GeneratedRegex(@"localparam int (?<name>\w+) = (?<value>\d+);", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Constant();
}
