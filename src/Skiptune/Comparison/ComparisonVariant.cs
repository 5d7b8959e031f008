using System.Collections.Immutable;
using Skiptune.FineTuning;

namespace Skiptune.Comparison;

/// <summary>One way to fine-tune in a comparison.</summary>
/// <param name="Method">The method.</param>
/// <param name="Cache">Its forward cache.</param>
public sealed record ComparisonVariant(FineTuneMethod Method, CacheFormat Cache)
{
    /// <summary>The family with its baselines: every method, and skip2-lora with an exact, a 4-bit and a 2-bit cache.</summary>
    public static ImmutableArray<ComparisonVariant> Default { get; } =
    [
        new(FineTuneMethod.FtLast, CacheFormat.None),
        new(FineTuneMethod.FtBias, CacheFormat.None),
        new(FineTuneMethod.FtAll, CacheFormat.None),
        new(FineTuneMethod.LoraLast, CacheFormat.None),
        new(FineTuneMethod.LoraAll, CacheFormat.None),
        new(FineTuneMethod.FtAllLora, CacheFormat.None),
        new(FineTuneMethod.SkipLora, CacheFormat.None),
        new(FineTuneMethod.Skip2Lora, CacheFormat.Float32),
        new(FineTuneMethod.Skip2Lora, CacheFormat.Int4),
        new(FineTuneMethod.Skip2Lora, CacheFormat.Int2),
    ];

    /// <summary>Reads a list such as "ft-last,skip2-lora:int3".</summary>
    /// <param name="list">
    /// Methods with commas between them. One with :format uses that cache; one without stands for all rows of
    /// <see cref="Default"/> that use the method.
    /// </param>
    /// <exception cref="SkiptuneException">A method or a format does not exist, or stands in the list twice.</exception>
    public static ImmutableArray<ComparisonVariant> Parse(string list)
    {
        List<ComparisonVariant> variants = [];
        foreach (string entry in list.Split(',', StringSplitOptions.TrimEntries))
        {
            string[] parts = entry.Split(':', 2);
            FineTuneMethod method = FineTuneMethod.Parse(parts[0]);
            if (parts.Length == 2)
                variants.Add(new ComparisonVariant(method, CacheFormat.Parse(parts[1])));
            else
                variants.AddRange(Default.Where(variant => variant.Method == method));
        }
        if (variants.GroupBy(variant => variant).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new SkiptuneException($"{twice.Key} stands in the list of methods twice; name each once");
        return [.. variants];
    }

    /// <inheritdoc/>
    public override string ToString() => Cache == CacheFormat.None ? Method.Name : $"{Method.Name} ({Cache.Name})";
}
