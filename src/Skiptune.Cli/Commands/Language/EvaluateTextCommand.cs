using System.CommandLine;
using Skiptune.Cli.Arguments;
using Skiptune.Cli.Output;
using Skiptune.Data;
using Skiptune.FineTuning;
using Skiptune.Language.Chat;
using Skiptune.Language.FineTuning;
using Skiptune.Language.Models;

namespace Skiptune.Cli.Commands.Language;

/// <summary>lm evaluate: nats per token and perplexity of a text.</summary>
internal sealed class EvaluateTextCommand : ExampleCommand
{
    private readonly DecoderArguments _model;
    private readonly Option<string?> _adapter = DecoderArguments.Adapter();
    private readonly Option<string> _data = new("--data") { Description = "Text file, or .jsonl with \"text\", \"prompt\" and \"completion\", or \"messages\"", HelpName = "file", Required = true };
    private readonly Option<string?> _retention = NewOption.OptionalText("--retention", "file", "Text that the base knows, measured beside it");
    private readonly Option<int?> _length = NewOption.OptionalInteger("--sequence-length", "Tokens of a sequence [default: as long as the text or the context]");
    private readonly Option<string?> _template = DecoderArguments.ChatTemplate();
    private readonly Option<int> _threads = CommonOptions.Threads();
    private readonly Option<string?> _json = CommonOptions.Json();

    public EvaluateTextCommand()
        : base("evaluate", "Measure nats per token and perplexity of a text.", "skiptune lm evaluate --model stories260K.bin --adapter-path adapters --data input.txt --sequence-length 128")
    {
        _model = new DecoderArguments(this);
        foreach (Option option in (Option[])[_adapter, _data, _retention, _length, _template, _threads, _json])
            Add(option);
        SetAction(Run);
    }

    private int Run(ParseResult parsed)
    {
        JsonTarget json = new(parsed.GetValue(_json));
        int? length = parsed.GetValue(_length);
        if (length < 1)
            throw new UsageException($"--sequence-length must be 1 or more, not {length}.");
        ChatTemplate? template = parsed.GetValue(_template) is { } name ? UsageException.Guard(() => ChatTemplate.Named(name)) : null;
        using Interruption interruption = new();
        using DecoderModel model = _model.Load(parsed);
        Adapter? adapter = DecoderArguments.LoadAdapter(parsed.GetValue(_adapter));
        string? retention = parsed.GetValue(_retention);
        DataSet data = Open(parsed.GetRequiredValue(_data));
        DataSet? known = retention is null ? null : Open(retention);
        double nats = Measure(data);
        double? kept = known is null ? null : Measure(known);
        long learnt = 0;
        foreach (int label in data.Labels)
            learnt += label >= 0 ? 1 : 0;
        json.Text.WriteLine(DecoderArguments.Describe(model));
        json.Text.WriteLine($"text        {data.Count:N0} sequences of at most {data.SampleShape[0]} tokens, {learnt:N0} tokens measured");
        json.Text.WriteLine($"loss        {nats:F4} nats per token");
        json.Text.WriteLine($"perplexity  {Math.Exp(nats):F3}");
        if (kept is { } loss)
            json.Text.WriteLine($"retention   {loss:F4} nats per token, perplexity {Math.Exp(loss):F3}");
        json.Write(writer =>
        {
            writer.WriteString("model", model.Name);
            writer.WriteNumber("sequences", data.Count);
            writer.WriteNumber("tokens", learnt);
            writer.WriteNumber("nats_per_token", nats);
            writer.WriteNumber("perplexity", Math.Exp(nats));
            if (kept is { } value)
                writer.WriteNumber("retention_nats_per_token", value);
        });
        return ExitCode.Ok;

        DataSet Open(string path)
        {
            TextData text = TextData.Open(path);
            return length is { } tokens ? text.Sequences(model.Tokenizer, tokens, template: template) : text.WholeSequences(model.Tokenizer, model.Config.Context, template);
        }

        double Measure(DataSet texts) => model.Evaluate(adapter, texts, parsed.GetValue(_threads), interruption.Token);
    }
}
