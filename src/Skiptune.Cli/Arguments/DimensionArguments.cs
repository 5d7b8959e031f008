using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Skiptune.Onnx;

namespace Skiptune.Cli.Arguments;

/// <summary>The option of every command that loads a model: extents for the axes that its file leaves open.</summary>
internal sealed class DimensionArguments
{
    private readonly Option<string[]> _dimensions = new("--dim")
    {
        Description = "Extent of an axis that the model leaves open besides the batch, such as T=16; may be repeated",
        HelpName = "name=n",
        DefaultValueFactory = _ => [],
    };

    public DimensionArguments(Command command) => command.Add(_dimensions);

    /// <summary>How the model is read.</summary>
    /// <exception cref="UsageException">An extent is not possible, or an axis is named twice.</exception>
    public OnnxReadOptions Read(ParseResult parsed)
    {
        ImmutableDictionary<string, int> extents = ImmutableDictionary<string, int>.Empty;
        foreach (string text in parsed.GetRequiredValue(_dimensions))
        {
            int at = text.LastIndexOf('=');
            if (at < 1 || !int.TryParse(text.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int extent) || extent < 1)
                throw new UsageException($"--dim needs the name of an axis and its extent, such as T=16, not '{text}'");
            if (extents.ContainsKey(text[..at]))
                throw new UsageException($"--dim names the axis '{text[..at]}' twice; give it one extent");
            extents = extents.Add(text[..at], extent);
        }
        return new OnnxReadOptions { Dimensions = extents };
    }

    /// <summary>The option as given, to be used again.</summary>
    public IEnumerable<(string Option, string Value)> Given(ParseResult parsed) => parsed.GetRequiredValue(_dimensions).Select(text => (_dimensions.Name, text));
}
