using Skiptune.Streaming.Drift;

namespace Skiptune.Streams.Drift;

/// <summary>The settings among which defaults were chosen: those with about one false alarm in 100,000 normal samples, and of these the quickest on small changes.</summary>
internal static class Candidates
{
    private static readonly StreamKind[] s_values = [StreamKind.Numbers, StreamKind.Errors, StreamKind.Samples];

    public static Contestant[] All { get; } =
    [
        .. from delta in new[] { 0.05, 0.01, 0.002, 0.0005 }
           from clock in new[] { 8, 32 }
           from least in new[] { 5, 30 }
           let options = new AdwinOptions { Delta = delta, WarningDelta = 0.9, Clock = clock, MinimumLength = least }
           select new Contestant($"Adwin {delta}, clock {clock}, {least}", () => new Adwin(options), s_values),
        .. from delta in new[] { 0.1, 0.15, 0.2, 0.25 }
           from threshold in new[] { 20.0, 30, 40, 50 }
           let options = new PageHinkleyOptions { Delta = delta, Threshold = threshold }
           select new Contestant($"PageHinkley {delta}, {threshold}", () => new PageHinkley(options), s_values),
        .. from window in new[] { 300, 1000 }
           from recent in new[] { 60, 100, 150 }
           from alpha in new[] { 1e-4, 1e-5, 1e-6 }
           let options = new KswinOptions { Window = window, Recent = recent, Alpha = alpha, WarningAlpha = 0.1 }
           select new Contestant($"Kswin {window}, {recent}, {alpha}", () => new Kswin(options), s_values),
        .. from sigmas in new[] { 3, 3.5, 4, 4.5 }
           from least in new[] { 30, 100, 200 }
           let options = new DdmOptions { DriftSigmas = sigmas, MinimumSamples = least }
           select new Contestant($"Ddm {sigmas}, {least}", () => new Ddm(options), StreamKind.Errors),
        .. from sigmas in new[] { 4.0, 5, 6, 8 }
           from window in new[] { 20, 40, 80 }
           from error in new double?[] { null, 1, 2 }
           let options = new CentroidOptions { Features = SyntheticStream.Features, DriftSigmas = sigmas, Window = window, ErrorSigmas = error }
           select new Contestant($"Centroid {sigmas}, {window}, {error?.ToString() ?? "always"}", () => new Centroid(options), StreamKind.Samples),
    ];
}
