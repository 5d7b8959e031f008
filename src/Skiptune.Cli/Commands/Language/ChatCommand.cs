using System.CommandLine;
using System.Runtime.InteropServices;
using Skiptune.Cli.Arguments;
using Skiptune.Language.Chat;
using Skiptune.Language.Generation;
using Skiptune.Language.Models;

namespace Skiptune.Cli.Commands.Language;

/// <summary>lm chat: messages in, a line each; answers out as they are made.</summary>
internal sealed class ChatCommand : ExampleCommand
{
    private const int DefaultContext = 4096;

    private readonly DecoderArguments _model;
    private readonly Option<string?> _adapter = DecoderArguments.Adapter();
    private readonly Option<string?> _template = DecoderArguments.ChatTemplate();
    private readonly Option<string?> _system = NewOption.OptionalText("--system", "text", "What the model should heed [default: the template's own, or nothing]");
    private readonly Option<int?> _context = NewOption.OptionalInteger("--context", $"The most tokens of the conversation [default: the model's context, at most {DefaultContext}]");
    private readonly SamplingArguments _sampling;
    private readonly Option<int> _threads = CommonOptions.Threads();

    public ChatCommand()
        : base("chat", "Talk with a model: a message a line, /reset starts anew, /quit or the end of the input ends. Ctrl-C ends the answer.", "skiptune lm chat --model model.gguf --system \"Answer in one sentence.\"")
    {
        _model = new DecoderArguments(this);
        foreach (Option option in (Option[])[_adapter, _template, _system, _context])
            Add(option);
        _sampling = new SamplingArguments(this);
        Add(_threads);
        SetAction(Run);
    }

    private int Run(ParseResult parsed)
    {
        SamplingOptions options = _sampling.Read(parsed);
        ChatTemplate? named = parsed.GetValue(_template) is { } name ? UsageException.Guard(() => ChatTemplate.Named(name)) : null;
        using DecoderModel model = _model.Load(parsed);
        ChatTemplate template = named ?? ChatTemplate.Recognise(model.Tokenizer.Special.ChatTemplate);
        int context = parsed.GetValue(_context) ?? Math.Min(model.Config.Context, DefaultContext);
        using TextGenerator generator = new(model, DecoderArguments.LoadAdapter(parsed.GetValue(_adapter)), context, parsed.GetValue(_threads));
        ChatSession session = new(model, template, generator, parsed.GetValue(_system));
        Console.Error.WriteLine($"{model.Name}, chat template {template.Name}, context {context:N0} tokens; /reset starts anew, /quit ends");
        while (ReadMessage() is { } message)
        {
            switch (message)
            {
                case "":
                    break;
                case "/quit":
                    return ExitCode.Ok;
                case "/reset":
                    session.Reset();
                    Console.Error.WriteLine("a new conversation");
                    break;
                case ['/', ..]:
                    Console.Error.WriteLine($"{message.Split(' ')[0]} is not a command; /reset and /quit are");
                    break;
                default:
                    Answer(session, message, options);
                    break;
            }
        }
        return ExitCode.Ok;
    }

    private static string? ReadMessage()
    {
        // Whoever pipes messages in wants answers out and nothing else.
        if (!Console.IsInputRedirected)
            Console.Out.Write("> ");
        return Console.In.ReadLine()?.Trim();
    }

    private static void Answer(ChatSession session, string message, SamplingOptions options)
    {
        using CancellationTokenSource stop = new();
        using PosixSignalRegistration registration = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
        {
            signal.Cancel = true;
            stop.Cancel();
        });
        try
        {
            foreach (string piece in session.Reply(message, options, stop.Token))
            {
                Console.Out.Write(piece);
                Console.Out.Flush();
            }
            Console.Out.WriteLine();
            if (session.IsFull)
                Console.Error.WriteLine("the context is full; start anew with /reset");
        }
        catch (SkiptuneException exception)
        {
            // The conversation goes on without that message.
            Failure.Write(exception.Message);
        }
    }
}
