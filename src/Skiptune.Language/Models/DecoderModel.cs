using Skiptune.Language.Files;
using Skiptune.Language.Tokenizers;

namespace Skiptune.Language.Models;

/// <summary>A decoder of the Llama family with its weights and its tokenizer. Never changed; used by any number of threads.</summary>
public sealed class DecoderModel : IDisposable
{
    private readonly Lazy<string> _fingerprint;
    private readonly Lazy<RotaryEmbedding> _rotary;
    private readonly IReadOnlyList<IDisposable> _files;

    /// <summary>Makes a model.</summary>
    /// <param name="name">A name for people.</param>
    /// <param name="config">The extents.</param>
    /// <param name="weights">The weights, which fit the extents.</param>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="fingerprint">What tells this model from others, such as the hash of its file.</param>
    /// <param name="files">What to close with the model, or null.</param>
    public DecoderModel(string name, DecoderConfig config, DecoderWeights weights, Tokenizer tokenizer, Func<string> fingerprint, IReadOnlyList<IDisposable>? files = null)
    {
        config.Check();
        (Name, Config, Weights, Tokenizer) = (name, config, weights, tokenizer);
        _fingerprint = new Lazy<string>(fingerprint);
        _rotary = new Lazy<RotaryEmbedding>(() => new RotaryEmbedding(config.HeadSize, config.Context, config.RotaryBase, config.RotaryLayout, config.RotaryScaling));
        _files = files ?? [];
    }

    /// <summary>A name for people.</summary>
    public string Name { get; }

    /// <summary>The extents.</summary>
    public DecoderConfig Config { get; }

    /// <summary>The weights.</summary>
    public DecoderWeights Weights { get; }

    /// <summary>The tokenizer.</summary>
    public Tokenizer Tokenizer { get; }

    /// <summary>The SHA-256 of the model's file, or of those of its folder. An adapter names its base by it.</summary>
    public string Fingerprint => _fingerprint.Value;

    internal RotaryEmbedding Rotary => _rotary.Value;

    /// <summary>Reads a model: a llama2.c .bin, a .gguf, or a folder with Hugging Face's config.json. Weights are mapped, not read.</summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="tokenizer">The tokenizer's file; null for the one in the file or beside it.</param>
    /// <exception cref="SkiptuneException">A file is missing, damaged, or of a kind that is not supported.</exception>
    public static DecoderModel Load(string path, string? tokenizer = null) => ModelFiles.Load(path, tokenizer);

    /// <summary>Closes the files. The model is not used any more.</summary>
    public void Dispose()
    {
        foreach (IDisposable file in _files)
            file.Dispose();
    }
}
