using Skiptune.Language.Models;

namespace Skiptune.Language.Files;

/// <summary>Tells the kinds of model files apart.</summary>
internal static class ModelFiles
{
    public static DecoderModel Load(string path, string? tokenizer) => Path.GetExtension(path) switch
    {
        ".bin" => Llama2cFile.Read(path, tokenizer),
        _ => throw ErrorText.Of(path, "is no language model: name a llama2.c .bin"),
    };
}
