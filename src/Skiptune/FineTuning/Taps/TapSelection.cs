using System.Collections.Immutable;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.FineTuning;

/// <summary>One value the skip adapters read.</summary>
/// <param name="Layer">The first layer whose input it is; parameters are named after it.</param>
/// <param name="Value">The value's name.</param>
/// <param name="Reduction">How it is made smaller.</param>
internal sealed record Tap(string Layer, string Value, TapReduction Reduction);

/// <summary>Chooses what the skip methods tap: the inputs of the weight layers, each once, within a budget.</summary>
internal static class TapSelection
{
    /// <summary>The most values of one tap that is chosen automatically.</summary>
    public const int MostValues = 2048;

    /// <summary>The most values of all taps together that are chosen automatically: 16 KiB a sample in 4 bits.</summary>
    public const int MostValuesOfARow = 32_768;

    private const int FewestValues = 32;

    /// <summary>The taps of a network, in the order of its layers.</summary>
    /// <param name="layers">The weight layers.</param>
    /// <param name="shapeOf">The shape of a value, batch first.</param>
    /// <param name="rules">The user's rules, or none for all layers.</param>
    /// <exception cref="SkiptuneException">A rule matches nothing, or its reduction does not fit; or no tap is left.</exception>
    public static ImmutableArray<Tap> Choose(IReadOnlyList<Node> layers, Func<string, Shape> shapeOf, ImmutableArray<TapRule> rules)
    {
        (Node Layer, TapRule? Rule)[] chosen =
        [
            .. layers.DistinctBy(layer => layer.Inputs[0], StringComparer.Ordinal)
                .Select(layer => (layer, rules.FirstOrDefault(rule => rule.Matches(layer.Name) || rule.Matches(layer.Inputs[0]))))
                .Where(pair => rules.IsEmpty || pair.Item2 is not null),
        ];
        foreach (TapRule rule in rules)
        {
            if (!layers.Any(layer => rule.Matches(layer.Name) || rule.Matches(layer.Inputs[0])))
                throw new SkiptuneException($"no layer and no layer's input is named '{rule.Pattern}'; the layers are {string.Join(", ", layers.Select(layer => layer.Name))}");
        }
        // All automatic taps shrink together until the row fits.
        for (int most = MostValues; ; most /= 2)
        {
            Tap[] taps = [.. chosen.Select(pair => Fit(pair.Layer, pair.Rule, shapeOf, most)).OfType<Tap>()];
            if (taps.Length == 0)
                throw new SkiptuneException("no layer's input is small enough to tap; name taps and reductions");
            long total = taps.Sum(tap => (long)tap.Reduction.CountOf(shapeOf(tap.Value).Row()));
            if (total <= MostValuesOfARow || most <= FewestValues || chosen.All(pair => pair.Rule?.Reduction is not null))
                return [.. taps];
        }
    }

    private static Tap? Fit(Node layer, TapRule? rule, Func<string, Shape> shapeOf, int most)
    {
        Shape sample = shapeOf(layer.Inputs[0]).Row();
        TapReduction? reduction = rule?.Reduction ?? TapReduction.Fit(sample, most, tokens: layer.Op is MatMul or Gemm);
        if (reduction is null && rule is not null)
            throw new SkiptuneException($"the input of '{layer.Name}', {sample}, is too large to tap without a reduction; write '{rule.Pattern}=flatten' to take it whole");
        if (reduction is null)
            return null;
        try
        {
            reduction.CountOf(sample);
        }
        catch (SkiptuneException exception)
        {
            throw new SkiptuneException($"the input of '{layer.Name}' cannot be tapped so: {exception.Message}; give that layer a rule of its own, before the others", exception);
        }
        return new Tap(layer.Name, layer.Inputs[0], reduction);
    }
}
