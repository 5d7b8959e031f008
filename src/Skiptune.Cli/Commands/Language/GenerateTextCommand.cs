using System.CommandLine;
using System.Diagnostics;
using Skiptune.Cli.Arguments;
using Skiptune.Language.Generation;
using Skiptune.Language.Models;

namespace Skiptune.Cli.Commands.Language;

/// <summary>lm generate: a prompt in, its continuation out as it is made.</summary>
internal sealed class GenerateTextCommand : ExampleCommand
{
    private static readonly SamplingOptions Defaults = new();

    private readonly DecoderArguments _model;
    private readonly Option<string?> _adapter = DecoderArguments.Adapter();
    private readonly Option<string> _prompt = NewOption.Text("--prompt", "text", "The text to continue", "");
    private readonly Option<int> _maxTokens = NewOption.Integer("--max-tokens", "The most tokens made", Defaults.MaxTokens);
    private readonly Option<double?> _temperature = NewOption.OptionalReal("--temperature", "t", $"Logits are divided by it; 0 takes the most likely token [default: {Defaults.Temperature}]");
    private readonly Option<double?> _topP = NewOption.OptionalReal("--top-p", "share", $"Only the likeliest tokens with this probability together [default: {Defaults.TopP}]");
    private readonly Option<int> _topK = NewOption.Integer("--top-k", "Only so many of the likeliest tokens, 0 for all", Defaults.TopK);
    private readonly Option<long> _seed = NewOption.Long("--seed", "Seed; the same seed gives the same text", Defaults.Seed);
    private readonly Option<int> _threads = CommonOptions.Threads();

    public GenerateTextCommand()
        : base("generate", "Continue a text.", "skiptune lm generate --model stories260K.bin --prompt \"Once upon a time\" --temperature 0")
    {
        _model = new DecoderArguments(this);
        foreach (Option option in (Option[])[_adapter, _prompt, _maxTokens, _temperature, _topP, _topK, _seed, _threads])
            Add(option);
        SetAction(Run);
    }

    private int Run(ParseResult parsed)
    {
        SamplingOptions options = new()
        {
            Temperature = (float)(parsed.GetValue(_temperature) ?? Defaults.Temperature),
            TopP = (float)(parsed.GetValue(_topP) ?? Defaults.TopP),
            TopK = parsed.GetValue(_topK),
            MaxTokens = parsed.GetValue(_maxTokens),
            Seed = parsed.GetValue(_seed),
        };
        UsageException.Guard(() =>
        {
            options.Check();
            return options;
        });
        using Interruption interruption = new();
        using DecoderModel model = _model.Load(parsed);
        string prompt = parsed.GetRequiredValue(_prompt);
        int read = model.Tokenizer.Encode(prompt, begin: true).Length;
        int capacity = (int)Math.Min(model.Config.Context, (long)read + options.MaxTokens);
        using TextGenerator generator = new(model, DecoderArguments.LoadAdapter(parsed.GetValue(_adapter)), Math.Max(1, capacity), parsed.GetValue(_threads));
        Console.Out.Write(prompt);
        Stopwatch clock = Stopwatch.StartNew();
        double first = 0;
        foreach (string piece in generator.Generate(prompt, options, interruption.Token))
        {
            if (first == 0)
                first = clock.Elapsed.TotalSeconds;
            Console.Out.Write(piece);
            Console.Out.Flush();
        }
        double rest = clock.Elapsed.TotalSeconds - first;
        int made = generator.Count - read;
        Console.Out.WriteLine();
        Console.Error.WriteLine($"prompt {read} tokens, {read / Math.Max(first, 1e-9):N1} tokens/s; generated {made + 1} tokens, {made / Math.Max(rest, 1e-9):N1} tokens/s");
        return ExitCode.Ok;
    }
}
