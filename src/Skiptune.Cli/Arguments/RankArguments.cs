using System.CommandLine;
using Skiptune.FineTuning;

namespace Skiptune.Cli.Arguments;

/// <summary>The options of low-rank adapters and of the forward cache's filling.</summary>
internal sealed class RankArguments
{
    private readonly Option<int> _rank;
    private readonly Option<double?> _alpha = NewOption.OptionalReal("--alpha", "value", "Adapter outputs are scaled by alpha / rank [default: the rank]");
    private readonly Option<string> _fill;

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="defaults">What they are when left out; null for those of the library.</param>
    public RankArguments(Command command, FineTuneOptions? defaults = null)
    {
        defaults ??= new FineTuneOptions();
        _rank = NewOption.Integer("--rank", "Rank of low-rank adapters", defaults.Rank);
        _fill = NewOption.Text(
            "--cache-fill", "name", "Fill the cache upfront (before the first epoch) or lazy (each sample at its first use)", Choice.NameOf(defaults.Fill));
        command.Add(_rank);
        command.Add(_alpha);
        command.Add(_fill);
    }

    /// <summary>The given options with these changed.</summary>
    public FineTuneOptions Apply(ParseResult parsed, FineTuneOptions options) => options with
    {
        Rank = parsed.GetValue(_rank),
        Alpha = (float?)parsed.GetValue(_alpha),
        Fill = Choice.Parse<CacheFill>("--cache-fill", parsed.GetRequiredValue(_fill)),
    };
}
