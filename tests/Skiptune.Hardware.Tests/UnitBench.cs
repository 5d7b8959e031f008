using Skiptune.Hardware.Simulation;

namespace Skiptune.Hardware.Tests;

/// <summary>
/// The modules that are tested by themselves, in every width that a test asks for, in one bench: building each alone would
/// take most of the time of the tests.
/// </summary>
internal static class UnitBench
{
    public static readonly int[] Lanes = [16, 32, 64];

    /// <summary>Rank and classes.</summary>
    public static readonly (int Rank, int Classes)[] Heads = [(1, 1), (4, 10), (8, 16)];

    /// <summary>All of them.</summary>
    public static RtlDesign Design { get; } = new("units", [.. Parts()]);

    /// <summary>Netlists of most kinds, once each, as wide as in the accelerator where mapping that takes seconds.</summary>
    public static RtlDesign Netlists { get; } = new("netlists", [.. NetlistParts()]) { Form = RtlForm.Cells };

    /// <summary>The part that is this module with these parameters, or null.</summary>
    public static RtlPart? Find(RtlDesign bench, string module, (string Name, long Value)[] parameters) =>
        bench.Parts.FirstOrDefault(part => part.Module == module && part.Parameters.Count == parameters.Length
            && parameters.All(parameter => part.Parameters.TryGetValue(parameter.Name, out long value) && value == parameter.Value));

    private static IEnumerable<RtlPart> NetlistParts()
    {
        (string, (string, long)[])[] chosen =
        [
            ("backward", [("RANK", 4), ("CLASSES", 10)]),
            ("softmax", [("CLASSES", 10), ("TAG", 16)]),
            ("gradient_lanes", [("LANES", 16)]),
            ("scores", [("RANK", 4), ("CLASSES", 10)]),
            ("dot_product", [("LANES", 16)]),
            ("block_quantiser", [("LANES", 16), ("TAG", 16)]),
            ("dense_layer", [("INPUTS", 84), ("OUTPUTS", 10), ("GROUPS", 1)]),
            ("hidden_sums", [("RANK", 4), ("TERM", 33)]),
            ("reciprocal", [("WIDTH", 21)]),
            ("sequencer", [("WORDS", 7)]),
            ("dual_multiplier", []),
        ];
        return chosen.Select(part => Find(Design, part.Item1, part.Item2)!);
    }

    private static IEnumerable<RtlPart> Parts()
    {
        int number = 0;
        foreach ((string module, (string, long)[] parameters) in Modules())
            yield return RtlDesign.Part($"{module}_{number++}", module, parameters);
    }

    private static IEnumerable<(string Module, (string, long)[] Parameters)> Modules()
    {
        yield return ("dual_multiplier", []);
        yield return ("sequencer", [("WORDS", 7)]);
        yield return ("order_reader", [("SAMPLE_BITS", 6), ("BATCH_BITS", 3)]);
        yield return ("sample_input", [("SAMPLE_BITS", 4)]);
        yield return ("control_registers", [("CONFIGURATION", 0x12345678)]);
        yield return ("master_memory", [("WIDTH", 40), ("DEPTH", 5)]);
        // One bank, a bank and a half.
        yield return ("sample_cache", [("WIDTH", 40), ("DEPTH", 1000)]);
        yield return ("sample_cache", [("WIDTH", 40), ("DEPTH", 6000)]);
        foreach ((int width, int drop, int bits) in new[] { (40, 8, 16), (20, 4, 18) })
            yield return ("saturate", [("WIDTH", width), ("DROP", drop), ("OUT", bits)]);
        foreach (int width in new[] { 17, 21 })
            yield return ("reciprocal", [("WIDTH", width)]);
        foreach (int count in new[] { 1, 2, 3, 10, 16 })
        {
            yield return ("adder_tree", [("N", count), ("WIDTH", 9)]);
            yield return ("max_tree", [("N", count), ("WIDTH", 9)]);
        }
        foreach (int lanes in Lanes)
        {
            yield return ("dot_product", [("LANES", lanes)]);
            yield return ("gradient_lanes", [("LANES", lanes)]);
            yield return ("block_quantiser", [("LANES", lanes), ("TAG", 16)]);
            foreach ((int values, int count) in new[] { (2, 784), (6, 1176), (16, 400), (1, 120), (1, 84) })
                yield return ("word_packer", [("LANES", lanes), ("VALUES", values), ("COUNT", count), ("SAMPLE_BITS", 4)]);
        }
        foreach ((int rank, int classes) in Heads)
        {
            yield return ("scores", [("RANK", rank), ("CLASSES", classes)]);
            yield return ("backward", [("RANK", rank), ("CLASSES", classes)]);
            yield return ("hidden_sums", [("RANK", rank), ("TERM", 33)]);
            yield return ("parameter_port", [("DOWN", 16 * rank * 24), ("UP", classes * rank * 24), ("CLASSES", classes), ("WORDS", 3)]);
            yield return ("dense_layer", [("INPUTS", 84), ("OUTPUTS", classes), ("GROUPS", 1), ("OUT", 16), ("SIGNED", 1)]);
        }
        foreach ((int rank, int classes) in new[] { (1, 2), (8, 16) })
            yield return ("adapter_engine", [("LANES", 16), ("RANK", rank), ("CLASSES", classes), ("SAMPLES", 16), ("BATCH", 4)]);
        foreach (int classes in new[] { 1, 2, 10, 16 })
            yield return ("softmax", [("CLASSES", classes), ("TAG", 16)]);
        foreach ((int inputs, int outputs, int groups) in new[] { (400, 120, 1), (120, 84, 3), (84, 10, 1), (84, 1, 1), (84, 3, 1) })
            yield return ("dense_layer", [("INPUTS", inputs), ("OUTPUTS", outputs), ("GROUPS", groups)]);
    }
}
