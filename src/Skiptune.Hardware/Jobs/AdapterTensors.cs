using System.Collections.Immutable;
using Skiptune.FineTuning;
using Skiptune.Hardware.Adapters;
using Skiptune.Hardware.Arithmetic;
using Skiptune.Hardware.Base;
using Skiptune.Numerics;

namespace Skiptune.Hardware.Jobs;

/// <summary>Adapters between the network's tensors and the accelerator's masters.</summary>
internal static class AdapterTensors
{
    /// <summary>A pixel of 255 means 1, but counts as 255/256 in the accelerator.</summary>
    private const double PixelUnit = 256.0 / 255;

    /// <summary>The adapters that a fine-tuning starts from.</summary>
    /// <exception cref="SkiptuneException">The options ask for what the accelerator lacks.</exception>
    public static AdapterState ToState(Model model, FineTuneOptions options, AcceleratorOptions hardware, IntegerNetwork network)
    {
        AdaptedGraph adapted = Adapt(model, options);
        AdapterState state = new(hardware);
        for (int k = 0; k < LayerTable.Taps.Length; k++)
        {
            Tensor down = Value(adapted, options, k);
            Tensor up = Value(adapted, options, LayerTable.Taps.Length + k);
            if (up.Shape != new Shape(hardware.Classes, hardware.Rank))
                throw new SkiptuneException($"the accelerator was built for {hardware.Classes} classes and rank {hardware.Rank}, the adapter's B is {up.Shape}");
            foreach ((int word, int r, int lane, int column) in Places(k, hardware))
                state.Down[word, r, lane] = FixedPoint.Of(down.Span[r * LayerTable.Taps[k].Values + column] * Unit(network, k), Formats.MasterFraction, Formats.MasterBits);
            for (int i = 0; i < up.Shape.Count; i++)
                state.Up[k, i / hardware.Rank, i % hardware.Rank] = FixedPoint.Of(up.Span[i], Formats.MasterFraction, Formats.MasterBits);
        }
        return state;
    }

    /// <summary>An ordinary adapter of what the accelerator has learned.</summary>
    public static Adapter ToAdapter(Model model, FineTuneOptions options, AdapterState state, IntegerNetwork network)
    {
        AdaptedGraph adapted = Adapt(model, options);
        AcceleratorOptions hardware = state.Options;
        Dictionary<string, Tensor> tensors = new(StringComparer.Ordinal);
        for (int k = 0; k < LayerTable.Taps.Length; k++)
        {
            Tensor down = new(new Shape(hardware.Rank, LayerTable.Taps[k].Values));
            foreach ((int word, int r, int lane, int column) in Places(k, hardware))
                down.Span[r * LayerTable.Taps[k].Values + column] = (float)(FixedPoint.Real(state.Down[word, r, lane], Formats.MasterFraction) / Unit(network, k));
            Tensor up = new(new Shape(hardware.Classes, hardware.Rank));
            for (int i = 0; i < up.Shape.Count; i++)
                up.Span[i] = (float)FixedPoint.Real(state.Up[k, i / hardware.Rank, i % hardware.Rank], Formats.MasterFraction);
            tensors[adapted.Trained[k]] = down;
            tensors[adapted.Trained[LayerTable.Taps.Length + k]] = up;
        }
        return new Adapter(options.Method, options.Rank, options.Rank, model.Fingerprint, tensors.ToImmutableSortedDictionary(StringComparer.Ordinal))
        {
            Taps = adapted.Taps,
            Output = options.Output,
        };
    }

    private static AdaptedGraph Adapt(Model model, FineTuneOptions options)
    {
        AdaptedGraph adapted = options.Method.Adapt(model.Graph, options.AdapterOptions);
        int[] counts = [.. LayerTable.Taps.Select(tap => tap.Values)];
        bool fits = options.Method.Name is "skip2-lora" or "skip-lora" && adapted.Trained.Length == 2 * counts.Length
            && counts.Select((count, k) => adapted.Graph.Constants[adapted.Trained[k]].Shape == new Shape(options.Rank, count)).All(ok => ok);
        return fits && options.EffectiveAlpha == options.Rank && options.Classes is null
            ? adapted
            : throw new SkiptuneException("the accelerator has skip2-lora alone, with adapters at the inputs of all five layers, alpha equal to the rank, and the model's own classes");
    }

    private static double Unit(IntegerNetwork network, int k) => (k == 0 ? PixelUnit : 1) * Math.Pow(2, network.TapGains[k]);

    private static Tensor Value(AdaptedGraph adapted, FineTuneOptions options, int parameter)
    {
        string name = adapted.Trained[parameter];
        return options.Start is { } start ? start.Tensors[name] : adapted.Graph.Constants[name];
    }

    private static IEnumerable<(int Word, int Rank, int Lane, int Column)> Places(int k, AcceleratorOptions hardware)
    {
        TappedLayer tap = LayerTable.Taps[k];
        int first = LayerTable.FirstWord(k, hardware.Lanes);
        for (int r = 0; r < hardware.Rank; r++)
        {
            for (int i = 0; i < tap.Values; i++)
                yield return (first + i / hardware.Lanes, r, i % hardware.Lanes, tap.NetworkIndex(i));
        }
    }
}
