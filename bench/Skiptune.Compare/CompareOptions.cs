using System.Collections.Immutable;
using Skiptune.Compare.Jobs;
using Skiptune.Compare.Processes;

namespace Skiptune.Compare;

/// <summary>The command line.</summary>
internal sealed record CompareOptions
{
    public const string Usage = "usage: [--json FILE] [--docs docs/benchmarks.md] [--quick] [--scaling] [--only skip2,network,forward,process,scaling] [--assets DIR] [--data DIR] [--python PROGRAM] [--cli Skiptune.Cli.dll]";

    /// <summary>Where the results go.</summary>
    public string? Json { get; init; }

    /// <summary>The page to write; the plot goes beside it.</summary>
    public string? Docs { get; init; }

    /// <summary>Few rounds, to see that everything runs.</summary>
    public bool Quick { get; init; }

    /// <summary>Measures how time and memory grow, too; so does naming it as a part.</summary>
    public bool Scaling { get; init; }

    /// <summary>The parts to measure; empty for all.</summary>
    public ImmutableArray<string> Only { get; init; } = [];

    /// <summary>The folder that holds resnet20_cifar10 and mobilenetv2_imagenet.</summary>
    public string Assets { get; init; } = Environment.GetEnvironmentVariable("SKIPTUNE_ASSETS") is { Length: > 0 } folder
        ? folder
        : Path.GetFullPath(Path.Combine(Clone.Root, "..", "shared", "assets"));

    /// <summary>Fashion-MNIST; default the sample in the repository.</summary>
    public string Data { get; init; } = ReferenceTask.DefaultData(Path.Combine(Clone.Root, "assets"));

    /// <summary>The Python that has PyTorch; default the first of python3 and /usr/bin/python3 that has it.</summary>
    public string? Python { get; init; }

    /// <summary>The command line's program.</summary>
    public string Cli { get; init; } = Path.Combine(Clone.Root, "src", "Skiptune.Cli", "bin", "Release", "net10.0", "Skiptune.Cli.dll");

    public bool Measures(string part) => Only.IsEmpty || Only.Contains(part);

    /// <exception cref="ArgumentException">An option is unknown or lacks its value.</exception>
    public static CompareOptions Parse(string[] args)
    {
        CompareOptions options = new();
        for (int i = 0; i < args.Length; i++)
        {
            options = args[i] switch
            {
                "--quick" => options with { Quick = true },
                "--scaling" => options with { Scaling = true },
                "--json" => options with { Json = Value() },
                "--docs" => options with { Docs = Value() },
                "--only" => options with { Only = [.. Value().Split(',', StringSplitOptions.TrimEntries).Select(KnownPart)] },
                "--assets" => options with { Assets = Value() },
                "--data" => options with { Data = Value() },
                "--python" => options with { Python = Value() },
                "--cli" => options with { Cli = Value() },
                _ => throw new ArgumentException($"'{args[i]}' is not an option; {Usage}"),
            };

            string Value() => ++i < args.Length ? args[i] : throw new ArgumentException($"{args[i - 1]} needs a value; {Usage}");
        }
        return options;
    }

    private static string KnownPart(string part) => part is "skip2" or "network" or "forward" or "process" or "scaling"
        ? part
        : throw new ArgumentException($"'{part}' is not a part; --only takes skip2, network, forward, process and scaling");
}
