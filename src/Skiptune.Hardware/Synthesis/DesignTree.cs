using System.Text.RegularExpressions;

namespace Skiptune.Hardware.Synthesis;

/// <summary>A module that is mapped by itself, with what lies in it but is none of these.</summary>
/// <param name="Module">Its name with parameters, as Yosys has it.</param>
/// <param name="Source">Its name in the RTL.</param>
/// <param name="Label">A name for people; where there are several with other parameters, with what it is called or what it is in.</param>
/// <param name="Count">How often it is in the design.</param>
internal sealed record MappedModule(string Module, string Source, string Label, int Count);

/// <summary>Finds in an elaborated design which modules are mapped by themselves, and how often each is there.</summary>
internal sealed partial class DesignTree
{
    /// <summary>The modules of the RTL that are mapped by themselves; whatever else there is, is flattened into the one around it.</summary>
    public static IReadOnlySet<string> Boundaries { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        "skiptune_accelerator", "control_registers", "parameter_port", "sample_input", "base_array", "first_convolution", "second_convolution", "dense_layer", "word_packer",
        "block_quantiser", "adapter_engine", "sequencer", "order_reader", "sample_cache", "master_memory", "gradient_lanes", "dot_product", "hidden_sums", "scores", "softmax",
        "backward", "adder_tree", "dual_multiplier",
    };

    private readonly Dictionary<string, List<(string Type, string Instance)>> _modules = new(StringComparer.Ordinal);

    /// <summary>Reads what write_rtlil wrote.</summary>
    public static DesignTree Read(IEnumerable<string> lines)
    {
        DesignTree tree = new();
        List<(string, string)> cells = [];
        foreach (string line in lines)
        {
            if (line.StartsWith("module ", StringComparison.Ordinal))
                tree._modules[line["module ".Length..]] = cells = [];
            else if (line.StartsWith("  cell ", StringComparison.Ordinal) && line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, string type, string instance])
                cells.Add((type, instance));
        }
        return tree;
    }

    /// <summary>Those that are mapped by themselves, those with most cells first.</summary>
    public IReadOnlyList<MappedModule> Mapped(string top)
    {
        Dictionary<string, (string Instance, string Around, int Count)> found = new(StringComparer.Ordinal);
        Walk(@"\" + top, @"\" + top, top, 1);
        ILookup<string, string> alike = found.ToLookup(pair => SourceOf(pair.Key), pair => pair.Value.Instance, StringComparer.Ordinal);
        return
        [
            .. found.Select(pair => new MappedModule(pair.Key, SourceOf(pair.Key), Label(SourceOf(pair.Key), pair.Value.Instance, pair.Value.Around), pair.Value.Count))
                .OrderByDescending(module => _modules[module.Module].Count),
        ];

        string Label(string source, string instance, string around) => (alike[source].Count(), alike[source].Distinct(StringComparer.Ordinal).Count()) switch
        {
            (1, _) => source,
            (int all, int named) when all == named => $"{source} {instance}",
            _ => $"{source} of {around}",
        };

        void Walk(string module, string instance, string around, int count)
        {
            if (Boundaries.Contains(SourceOf(module)))
                found[module] = found.TryGetValue(module, out var before) ? (before.Instance, before.Around, before.Count + count) : (InstanceName(instance), around, count);
            foreach (var cells in _modules[module].Where(cell => _modules.ContainsKey(cell.Type)).GroupBy(cell => cell.Type, StringComparer.Ordinal))
                Walk(cells.Key, cells.First().Instance, SourceOf(module), count * cells.Count());
        }
    }

    /// <summary>The modules right below one that are mapped by themselves.</summary>
    public IReadOnlySet<string> Below(string module)
    {
        HashSet<string> below = new(StringComparer.Ordinal);
        Walk(module);
        return below;

        void Walk(string here)
        {
            foreach (string type in _modules[here].Select(cell => cell.Type).Distinct(StringComparer.Ordinal).Where(_modules.ContainsKey))
            {
                if (Boundaries.Contains(SourceOf(type)))
                    below.Add(type);
                else
                    Walk(type);
            }
        }
    }

    // $paramod$hash\name, $paramod\name\PARAMETER=..., or \name.
    private static string SourceOf(string module) => SourceName().Match(module).Groups["name"].Value;

    private static string InstanceName(string instance) => instance[(instance.LastIndexOf('.') + 1)..].TrimStart('\\');

    [GeneratedRegex(@"^(\$paramod(\$[0-9a-f]+)?)?\\(?<name>\w+)", RegexOptions.ExplicitCapture)]
    private static partial Regex SourceName();
}
