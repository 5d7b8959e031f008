using System.CommandLine;
using Skiptune.Cli.Arguments;
using Skiptune.Language.Generation;

namespace Skiptune.Cli.Commands.Language;

/// <summary>How a command that writes text chooses its tokens.</summary>
internal sealed class SamplingArguments
{
    private static readonly SamplingOptions Defaults = new();

    private readonly Option<int> _maxTokens = NewOption.Integer("--max-tokens", "The most tokens made", Defaults.MaxTokens);
    private readonly Option<double?> _temperature = NewOption.OptionalReal("--temperature", "t", $"Logits are divided by it; 0 takes the most likely token [default: {Defaults.Temperature}]");
    private readonly Option<double?> _topP = NewOption.OptionalReal("--top-p", "share", $"Only the likeliest tokens with this probability together [default: {Defaults.TopP}]");
    private readonly Option<int> _topK = NewOption.Integer("--top-k", "Only so many of the likeliest tokens, 0 for all", Defaults.TopK);
    private readonly Option<long> _seed = NewOption.Long("--seed", "Seed; the same seed gives the same text", Defaults.Seed);

    public SamplingArguments(Command command)
    {
        foreach (Option option in (Option[])[_maxTokens, _temperature, _topP, _topK, _seed])
            command.Add(option);
    }

    /// <exception cref="UsageException">An option is out of range.</exception>
    public SamplingOptions Read(ParseResult parsed) => UsageException.Guard(() =>
    {
        SamplingOptions options = new()
        {
            Temperature = (float)(parsed.GetValue(_temperature) ?? Defaults.Temperature),
            TopP = (float)(parsed.GetValue(_topP) ?? Defaults.TopP),
            TopK = parsed.GetValue(_topK),
            MaxTokens = parsed.GetValue(_maxTokens),
            Seed = parsed.GetValue(_seed),
        };
        options.Check();
        return options;
    });
}
