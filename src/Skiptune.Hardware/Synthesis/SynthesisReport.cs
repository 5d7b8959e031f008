namespace Skiptune.Hardware.Synthesis;

/// <summary>A module as it was mapped.</summary>
/// <param name="Name">Its name; where there are several with other parameters, with what it is called or what it is in.</param>
/// <param name="Count">How often it is in the design.</param>
/// <param name="Each">What each takes, without the modules in it that stand here by themselves.</param>
/// <param name="PathNanoseconds">The longest path in it by abc9's estimate, from its inputs and registers to its outputs and registers.</param>
public sealed record MappedModuleReport(string Name, int Count, Resources Each, double PathNanoseconds);

/// <summary>What mapping the accelerator to a part gave.</summary>
public sealed record SynthesisReport
{
    /// <summary>The most of any resource that is left to place and route, as a share.</summary>
    public const double MostShare = 0.85;

    /// <summary>How the accelerator is built.</summary>
    public required AcceleratorOptions Hardware { get; init; }

    /// <summary>The modules, those that take most LUTs first.</summary>
    public required IReadOnlyList<MappedModuleReport> Modules { get; init; }

    /// <summary>The part.</summary>
    public required Resources Part { get; init; }

    /// <summary>The longest path of all modules put together, their borders crossed.</summary>
    public required TimingPath WholePath { get; init; }

    /// <summary>Wall-clock seconds that it took.</summary>
    public required double Seconds { get; init; }

    /// <summary>What all modules take together.</summary>
    public Resources Used => Modules.Aggregate(Resources.None, (sum, module) => sum + module.Count * module.Each);

    /// <summary>The longest path in nanoseconds by either estimate: abc9's within a module, or that of the whole.</summary>
    public double PathNanoseconds => Math.Max(Modules.Max(module => module.PathNanoseconds), WholePath.Nanoseconds);

    /// <summary>The shares of the part that are taken.</summary>
    public IEnumerable<(string Name, double Used, double Available, double Share)> Shares =>
        Used.Named.Zip(Part.Named, (used, available) => (used.Name, used.Count, available.Count, used.Count / available.Count));

    /// <summary>True if no resource is taken above <see cref="MostShare"/>.</summary>
    public bool Fits => Shares.All(resource => resource.Share <= MostShare);
}
