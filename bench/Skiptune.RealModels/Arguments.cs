namespace Skiptune.RealModels;

/// <summary>What the command line asks for.</summary>
internal sealed record Arguments
{
    /// <summary>The folder of models and data; default ../shared/assets beside the repository.</summary>
    public string Assets { get; private set; } = Path.GetFullPath(Path.Combine("..", "shared", "assets"));

    /// <summary>The one model to run; null for all.</summary>
    public string? Only { get; private set; }

    /// <summary>True to try settings on splits of the training samples in place of the final runs.</summary>
    public bool Choose { get; private set; }

    /// <summary>True to write times to the page, which are good on an idle machine alone.</summary>
    public bool Times { get; private set; }

    /// <summary>The file for all figures, or null.</summary>
    public string? Json { get; private set; }

    /// <summary>The page to write, or null.</summary>
    public string? Docs { get; private set; }

    /// <summary>Reads the command line.</summary>
    /// <exception cref="SkiptuneException">An option does not exist or lacks its value.</exception>
    public static Arguments Parse(string[] args, string[] names)
    {
        Arguments read = new();
        for (int i = 0; i < args.Length; i++)
        {
            string Value() => i + 1 < args.Length ? args[++i] : throw new SkiptuneException($"{args[i]} needs a value");
            switch (args[i])
            {
                case "--assets":
                    read.Assets = Value();
                    break;
                case "--only":
                    read.Only = Value();
                    break;
                case "--json":
                    read.Json = Value();
                    break;
                case "--docs":
                    read.Docs = Value();
                    break;
                case "--choose":
                    read.Choose = true;
                    break;
                case "--times":
                    read.Times = true;
                    break;
                default:
                    throw new SkiptuneException($"'{args[i]}' is not an option; there are --assets DIR, --only NAME, --choose, --times, --json FILE and --docs FILE");
            }
        }
        if (read.Only is { } only && !names.Contains(only))
            throw new SkiptuneException($"'{only}' is not a model here; choose one of {string.Join(", ", names)}");
        return Directory.Exists(read.Assets) ? read : throw new SkiptuneException($"{read.Assets}: there is no such folder; give --assets DIR");
    }
}
