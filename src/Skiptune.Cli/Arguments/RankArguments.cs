using System.CommandLine;
using Skiptune.FineTuning;

namespace Skiptune.Cli.Arguments;

/// <summary>The options of low-rank adapters and of the forward cache's filling.</summary>
internal sealed class RankArguments
{
    private static readonly FineTuneOptions Defaults = new();

    private readonly Option<int> _rank = NewOption.Integer("--rank", "Rank of low-rank adapters", Defaults.Rank);
    private readonly Option<double?> _alpha = NewOption.OptionalReal("--alpha", "value", "Adapter outputs are scaled by alpha / rank [default: the rank]");
    private readonly Option<string> _fill = NewOption.Text(
        "--cache-fill", "name", "Fill the cache upfront (before the first epoch) or lazy (each sample at its first use)", Choice.NameOf(Defaults.Fill));

    public RankArguments(Command command)
    {
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
