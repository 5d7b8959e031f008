using Skiptune.Numerics;

namespace Skiptune.Language.Models;

/// <summary>The turned keys and the values of the tokens that a sequence already has, for every block.</summary>
internal sealed class KeyValueMemory
{
    private readonly Tensor[] _keys;
    private readonly Tensor[] _values;

    /// <summary>Makes room.</summary>
    /// <param name="config">The model.</param>
    /// <param name="capacity">The most tokens.</param>
    public KeyValueMemory(DecoderConfig config, int capacity)
    {
        Capacity = capacity;
        _keys = [.. Enumerable.Range(0, config.Blocks).Select(_ => new Tensor(new Shape(config.KeyValueWidth, capacity)))];
        _values = [.. Enumerable.Range(0, config.Blocks).Select(_ => new Tensor(new Shape(capacity, config.KeyValueWidth)))];
    }

    /// <summary>The most tokens.</summary>
    public int Capacity { get; }

    /// <summary>The tokens so far.</summary>
    public int Count { get; set; }

    /// <summary>The bytes of all keys and values.</summary>
    public long Bytes => _keys.Concat(_values).Sum(tensor => 4L * tensor.Shape.Count);

    /// <summary>A block's keys, key-value width x capacity: each value of all tokens side by side.</summary>
    public Tensor Keys(int block) => _keys[block];

    /// <summary>A block's values, capacity x key-value width.</summary>
    public Tensor Values(int block) => _values[block];
}
