using System.Collections.Immutable;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.FineTuning;

/// <summary>What a fine-tuning changed: the tensors that together with the base model make the tuned one.</summary>
/// <param name="Method">The method that made it.</param>
/// <param name="Rank">The rank of low-rank adapters.</param>
/// <param name="Alpha">Their scale times the rank.</param>
/// <param name="BaseFingerprint">The base model's fingerprint (<see cref="Model.Fingerprint"/>).</param>
/// <param name="Tensors">The changed or added tensors by name.</param>
public sealed record Adapter(
    FineTuneMethod Method, int Rank, float Alpha, string BaseFingerprint, ImmutableSortedDictionary<string, Tensor> Tensors)
{
    /// <summary>What the skip adapters read; empty for other methods.</summary>
    public ImmutableArray<TapRule> Taps { get; init; } = [];

    /// <summary>The classes of a new head, or null if the model kept its own.</summary>
    public int? Classes { get; init; }

    /// <summary>The value that was chosen as the model's output; null if it was the only one.</summary>
    public string? Output { get; init; }

    /// <summary>Writes adapter_model.safetensors and adapter_config.json into a folder; each is written whole or not at all.</summary>
    /// <param name="directory">The folder; made if missing.</param>
    /// <exception cref="SkiptuneException">The folder cannot be written.</exception>
    public void Save(string directory) => AdapterFiles.Save(this, directory);

    /// <summary>Reads an adapter from a folder.</summary>
    /// <param name="directory">The folder.</param>
    /// <exception cref="SkiptuneException">A file is missing or damaged.</exception>
    public static Adapter Load(string directory) => AdapterFiles.Load(directory);

    /// <summary>The two files of <see cref="Save"/> as bytes, for a place that is no folder.</summary>
    /// <exception cref="SkiptuneException">A tensor is not finite.</exception>
    public AdapterContent ToContent() => AdapterFiles.Write(this);

    /// <summary>Reads an adapter from the bytes of its two files.</summary>
    /// <param name="content">The bytes.</param>
    /// <param name="name">What errors call the place they come from.</param>
    /// <exception cref="SkiptuneException">The bytes are damaged or do not belong together.</exception>
    public static Adapter FromContent(AdapterContent content, string name)
    {
        ArgumentNullException.ThrowIfNull(content);
        return AdapterFiles.Read(content, Path.Combine(name, AdapterFiles.ConfigFile), Path.Combine(name, AdapterFiles.ModelFile));
    }

    /// <summary>The tuned network.</summary>
    /// <param name="graph">The base.</param>
    /// <param name="fingerprint">The base's fingerprint.</param>
    /// <param name="merge">True to take the adapter into the base's weights, so that no node is added.</param>
    /// <exception cref="SkiptuneException">The adapter was made for another base, a tensor does not fit, or the adapter cannot be merged.</exception>
    internal Graph ApplyTo(Graph graph, string fingerprint, bool merge = false)
    {
        if (fingerprint != BaseFingerprint)
        {
            throw new SkiptuneException(
                $"the adapter was made for another base model (fingerprint {Short(BaseFingerprint)}, this one has {Short(fingerprint)}); load the model it was tuned from");
        }
        AdaptedGraph adapted = Method.Adapt(graph, new AdapterOptions(Rank, Alpha, Seed: 0) { Taps = Taps, Classes = Classes, Output = Output });
        CheckFits(adapted);
        if (merge)
            return AdapterMerge.Run(adapted, Method, Tensors);
        // Trained at its own statistics, used with the running ones.
        Graph tuned = adapted.WithValues(Tensors);
        return tuned.With(nodes: tuned.Nodes.Select(node => node.Op is BatchNormalization op ? node with { Op = op with { Training = false } } : node));
    }

    /// <summary>Throws unless the tensors are those the method changes.</summary>
    internal void CheckFits(AdaptedGraph adapted)
    {
        foreach (string name in adapted.Changing)
        {
            if (!Tensors.TryGetValue(name, out Tensor? tensor))
                throw new SkiptuneException($"the adapter lacks the tensor '{name}'");
            if (tensor.Shape != adapted.Graph.Constants[name].Shape)
                throw new SkiptuneException($"the adapter's tensor '{name}' is {tensor.Shape}, the model needs {adapted.Graph.Constants[name].Shape}");
        }
        if (Tensors.Keys.Except(adapted.Changing, StringComparer.Ordinal).FirstOrDefault() is { } extra)
            throw new SkiptuneException($"the adapter's tensor '{extra}' has no place in the model");
    }

    private static string Short(string fingerprint) => fingerprint.Length > 12 ? fingerprint[..12] : fingerprint;
}

/// <summary>The bytes of an adapter's files.</summary>
/// <param name="Config">adapter_config.json.</param>
/// <param name="Tensors">adapter_model.safetensors.</param>
public sealed record AdapterContent(byte[] Config, byte[] Tensors);
