using Skiptune.Data;
using Skiptune.FineTuning;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.Tests.FineTuning;

/// <summary>Runs on the small network.</summary>
internal static class SmallRuns
{
    /// <summary>Fine-tunes.</summary>
    /// <param name="options">How.</param>
    /// <param name="cancelAfter">The epoch after which the run is cancelled; 0 for never.</param>
    /// <param name="data">The samples; null for the usual ones.</param>
    /// <param name="fingerprint">The base's fingerprint.</param>
    /// <param name="progress">Told the epoch after each.</param>
    /// <param name="validate">True to validate too.</param>
    public static FineTuneResult Fit(
        FineTuneOptions options, int cancelAfter = 0, DataSet? data = null, string fingerprint = "base", Action<int>? progress = null, bool validate = false)
    {
        using CancellationTokenSource source = new();
        using FineTuner tuner = new(SmallNetworks.Branched(), fingerprint, options);
        return tuner.Fit(data ?? SmallNetworks.Data(), validate ? SmallNetworks.Data(20, seed: 5) : null, new Synchronous(report =>
        {
            progress?.Invoke(report.Epoch);
            if (report.Epoch == cancelAfter)
                source.Cancel();
        }), source.Token);
    }

    public static Optimizer Optimizer(string name) => name switch
    {
        "adam" => new Adam(),
        "adamw" => new AdamW(),
        "momentum" => new Sgd { Momentum = 0.9f },
        _ => new Sgd { WeightDecay = 0.01f },
    };

    /// <summary>The usual samples, the last value of the last of them changed by one bit.</summary>
    public static TensorDataSet OneValueOff()
    {
        TensorDataSet data = SmallNetworks.Data();
        Tensor samples = new(data.SampleShape.Prepend(data.Count));
        data.Read([.. Enumerable.Range(0, data.Count)], samples.Span);
        samples.Span[^1] = MathF.BitIncrement(samples.Span[^1]);
        return new TensorDataSet(samples, data.Labels, data.ClassCount);
    }

    /// <summary>Reports at once, on the calling thread.</summary>
    private sealed class Synchronous(Action<FineTuneProgress> report) : IProgress<FineTuneProgress>
    {
        public void Report(FineTuneProgress value) => report(value);
    }
}
