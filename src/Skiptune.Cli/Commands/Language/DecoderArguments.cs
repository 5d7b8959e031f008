using System.CommandLine;
using Skiptune.Cli.Arguments;
using Skiptune.FineTuning;
using Skiptune.Language.FineTuning;
using Skiptune.Language.Models;

namespace Skiptune.Cli.Commands.Language;

/// <summary>The model of a command about language models, and perhaps its adapter.</summary>
internal sealed class DecoderArguments
{
    private readonly Option<string> _model = new("--model") { Description = "Model: a GGUF file, a llama2.c .bin, or a folder with Hugging Face's config.json", HelpName = "path", Required = true };
    private readonly Option<string?> _tokenizer = NewOption.OptionalText("--tokenizer", "file", "Tokenizer of a llama2.c model [default: tokenizer.bin or tok<n>.bin beside it]");

    public DecoderArguments(Command command)
    {
        command.Add(_model);
        command.Add(_tokenizer);
    }

    public static Option<string?> Adapter() => NewOption.OptionalText("--adapter-path", "folder", "Adapter that 'skiptune lm finetune' wrote [default: none, the base alone]");

    public static Option<string?> ChatTemplate() => NewOption.OptionalText("--chat-template", "name", $"How messages are written: {string.Join(", ", Skiptune.Language.Chat.ChatTemplate.Names)} [default: the model's own]");

    public DecoderModel Load(ParseResult parsed) => DecoderModel.Load(parsed.GetRequiredValue(_model), parsed.GetValue(_tokenizer));

    /// <summary>The adapter of an option's folder, or null.</summary>
    public static Adapter? LoadAdapter(string? folder) => folder is null ? null : DecoderAdapter.Load(folder);

    /// <summary>One line about a model.</summary>
    public static string Describe(DecoderModel model) =>
        $"model       {model.Name}: {model.Weights.Count:N0} parameters in {model.Weights.Bytes / 1e6:N1} MB, {model.Config.Blocks} blocks of {model.Config.Width}, vocabulary {model.Config.Vocabulary:N0}, context {model.Config.Context:N0}";
}
