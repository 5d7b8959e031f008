using Skiptune.Hardware.Simulation;

namespace Skiptune.Hardware.Tests;

/// <summary>
/// The modules that are tested by themselves, in every width that a test asks for, in a few benches: building each alone would
/// take most of the time of the tests.
/// </summary>
internal static class UnitBench
{
    public static readonly int[] Lanes = [16, 32, 64];

    /// <summary>Rank and classes.</summary>
    public static readonly (int Rank, int Classes)[] Heads = [(1, 1), (4, 10), (8, 16)];

    private static readonly RtlDesign[] s_benches = [Bench("arithmetic", Arithmetic()), Bench("streams", Streams()), Bench("network", Network())];

    // Of most kinds, once each, as wide as in the accelerator where mapping that takes seconds; two benches that take about as long.
    private static readonly RtlDesign[] s_netlists =
    [
        Netlists(
            "netlists-backward",
            ("backward", [("RANK", 4), ("CLASSES", 10)]),
            ("gradient_lanes", [("LANES", 16)]),
            ("dot_product", [("LANES", 16)]),
            ("dense_layer", [("INPUTS", 84), ("OUTPUTS", 10), ("GROUPS", 1)]),
            ("sequencer", [("WORDS", 7)]),
            ("dual_multiplier", [])),
        Netlists(
            "netlists-forward",
            ("softmax", [("CLASSES", 10), ("TAG", 16)]),
            ("scores", [("RANK", 4), ("CLASSES", 10)]),
            ("block_quantiser", [("LANES", 16), ("TAG", 16)]),
            ("hidden_sums", [("RANK", 4), ("TERM", 33)]),
            ("reciprocal", [("WIDTH", 21)])),
    ];

    /// <summary>The bench with this module and the part that it is there.</summary>
    public static (RtlDesign Bench, RtlPart Part) Find(RtlForm form, string module, params (string Name, long Value)[] parameters) =>
        (form == RtlForm.Cells ? s_netlists : s_benches).SelectMany(bench => bench.Parts.Select(part => (Bench: bench, Part: part)))
            .Single(place => place.Part.Module == module && place.Part.Parameters.Count == parameters.Length
                && parameters.All(parameter => place.Part.Parameters.TryGetValue(parameter.Name, out long value) && value == parameter.Value));

    private static RtlDesign Netlists(string name, params (string Module, (string, long)[] Parameters)[] chosen) =>
        Bench(name, chosen) with { Form = RtlForm.Cells };

    private static RtlDesign Bench(string name, IEnumerable<(string Module, (string, long)[] Parameters)> modules) =>
        new(name, [.. modules.Select((module, i) => RtlDesign.Part($"{module.Module}_{i}", module.Module, module.Parameters))]);

    private static IEnumerable<(string Module, (string, long)[] Parameters)> Arithmetic()
    {
        yield return ("dual_multiplier", []);
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
        }
        foreach ((int rank, int classes) in Heads)
        {
            yield return ("scores", [("RANK", rank), ("CLASSES", classes)]);
            yield return ("backward", [("RANK", rank), ("CLASSES", classes)]);
            yield return ("hidden_sums", [("RANK", rank), ("TERM", 33)]);
        }
        foreach (int classes in new[] { 1, 2, 10, 16 })
            yield return ("softmax", [("CLASSES", classes), ("TAG", 16)]);
        foreach ((int rank, int classes) in new[] { (1, 2), (8, 16) })
            yield return ("adapter_engine", [("LANES", 16), ("RANK", rank), ("CLASSES", classes), ("SAMPLES", 16), ("BATCH", 4)]);
    }

    private static IEnumerable<(string Module, (string, long)[] Parameters)> Streams()
    {
        yield return ("sequencer", [("WORDS", 7)]);
        yield return ("order_reader", [("SAMPLE_BITS", 6), ("BATCH_BITS", 3)]);
        yield return ("sample_input", [("SAMPLE_BITS", 4)]);
        yield return ("control_registers", [("CONFIGURATION", 0x12345678)]);
        yield return ("master_memory", [("WIDTH", 40), ("DEPTH", 5)]);
        // One bank, a bank and a half.
        yield return ("sample_cache", [("WIDTH", 40), ("DEPTH", 1000)]);
        yield return ("sample_cache", [("WIDTH", 40), ("DEPTH", 6000)]);
        foreach (int lanes in Lanes)
        {
            foreach ((int values, int count) in new[] { (2, 784), (6, 1176), (16, 400), (1, 120), (1, 84) })
                yield return ("word_packer", [("LANES", lanes), ("VALUES", values), ("COUNT", count), ("SAMPLE_BITS", 4)]);
        }
        foreach ((int rank, int classes) in Heads)
            yield return ("parameter_port", [("DOWN", 16 * rank * 24), ("UP", classes * rank * 24), ("CLASSES", classes), ("WORDS", 3)]);
    }

    private static IEnumerable<(string Module, (string, long)[] Parameters)> Network()
    {
        yield return ("first_convolution", []);
        yield return ("second_convolution", []);
        foreach ((int inputs, int outputs, int groups) in new[] { (400, 120, 1), (120, 84, 3), (84, 10, 1), (84, 1, 1), (84, 3, 1) })
            yield return ("dense_layer", [("INPUTS", inputs), ("OUTPUTS", outputs), ("GROUPS", groups)]);
        foreach ((_, int classes) in Heads)
            yield return ("dense_layer", [("INPUTS", 84), ("OUTPUTS", classes), ("GROUPS", 1), ("OUT", 16), ("SIGNED", 1)]);
        yield return ("base_array", [("LANES", 64), ("CLASSES", 16), ("SAMPLE_BITS", 4)]);
    }
}
