using Skiptune.Language.Models;

namespace Skiptune.Language.Files;

/// <summary>Tells the kinds of model files apart.</summary>
internal static class ModelFiles
{
    public static DecoderModel Load(string path, string? tokenizer) => Path.GetExtension(path) switch
    {
        _ when Directory.Exists(path) => HuggingFaceFolder.Read(path),
        ".bin" => Llama2cFile.Read(path, tokenizer),
        ".gguf" => GgufFile.Read(path),
        _ => throw ErrorText.Of(path, "is no language model: name a .gguf, a llama2.c .bin, or a folder with config.json"),
    };
}
