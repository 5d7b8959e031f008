using System.CommandLine;
using System.Diagnostics;
using Skiptune.Cli.Arguments;
using Skiptune.Language.Generation;
using Skiptune.Language.Models;

namespace Skiptune.Cli.Commands.Language;

/// <summary>lm generate: a prompt in, its continuation out as it is made.</summary>
internal sealed class GenerateTextCommand : ExampleCommand
{
    private readonly DecoderArguments _model;
    private readonly Option<string?> _adapter = DecoderArguments.Adapter();
    private readonly Option<string> _prompt = NewOption.Text("--prompt", "text", "The text to continue", "");
    private readonly SamplingArguments _sampling;
    private readonly Option<int> _threads = CommonOptions.Threads();

    public GenerateTextCommand()
        : base("generate", "Continue a text.", "skiptune lm generate --model stories260K.bin --prompt \"Once upon a time\" --temperature 0")
    {
        _model = new DecoderArguments(this);
        Add(_adapter);
        Add(_prompt);
        _sampling = new SamplingArguments(this);
        Add(_threads);
        SetAction(Run);
    }

    private int Run(ParseResult parsed)
    {
        SamplingOptions options = _sampling.Read(parsed);
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
