using Skiptune.Hardware.Synthesis;
using Spectre.Console;

namespace Skiptune.Cli.Output;

/// <summary>What synthesis gave, for people.</summary>
internal static class SynthesisLines
{
    public static void Write(TextWriter text, SynthesisReport report, double clock)
    {
        IAnsiConsole console = Terminal.On(text);
        text.WriteLine($"hardware    {report.Hardware.Lanes} lanes, rank {report.Hardware.Rank}, cache of {report.Hardware.Samples} samples, on the XCK26");
        Table modules = NewTable.With("module", ">number", ">LUT", ">FF", ">DSP", ">BRAM", ">URAM", ">path, ns");
        foreach (MappedModuleReport module in report.Modules)
            modules.Row([module.Name, $"{module.Count}", .. (module.Count * module.Each).Named.Select(resource => $"{resource.Count:#,0.#}"), $"{module.PathNanoseconds:F2}"]);
        console.Write(modules);
        Table shares = NewTable.With("resource", ">used", ">of", ">share");
        foreach ((string name, double used, double available, double share) in report.Shares)
            shares.Row(name, $"{used:#,0.#}", $"{available:N0}", $"{100 * share:F1} %");
        console.Write(shares);
        text.WriteLine($"share       at most {100 * SynthesisReport.MostShare:F0} % of any is left to place and route: {(report.Fits ? "held" : "MISSED")}");
        text.WriteLine($"whole       {report.WholePath.Nanoseconds:F2} ns from {report.WholePath.From} to {report.WholePath.To}, cells without wires");
        text.WriteLine($"path        {report.PathNanoseconds:F2} ns is the longest by either estimate, {1000 / clock:F2} ns a cycle at {clock} MHz: {(report.PathNanoseconds <= 1000 / clock ? "held" : "MISSED")}");
        text.WriteLine($"mapped      in {report.Seconds:F0} s");
    }
}
