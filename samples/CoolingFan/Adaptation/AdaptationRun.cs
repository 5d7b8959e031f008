using System.Diagnostics;
using Skiptune;
using Skiptune.Data;
using Skiptune.FineTuning;
using Skiptune.Streaming.Anomaly;
using Skiptune.Streaming.Drift;
using Skiptune.Streaming.Loop;
using Skiptune.Streaming.Store;

namespace CoolingFan.Adaptation;

/// <summary>What one run of the whole loop shows.</summary>
/// <param name="Seed">The seed of the classifier and of the fine-tuning.</param>
/// <param name="FalseAlarms">Drifts noticed in the silent rooms.</param>
/// <param name="DriftDelay">Samples from the change of the room to the one that gave it away; -1 if it was not noticed.</param>
/// <param name="Before">The pretrained classifier's accuracy on the second noisy recordings, which nothing is tuned on.</param>
/// <param name="After">That of the version which answers in the end.</param>
/// <param name="Silent">Its accuracy on the second silent recordings, which it was not trained on either.</param>
/// <param name="FineTuneMilliseconds">The fine-tuning.</param>
/// <param name="AnswerMilliseconds">The longest that a sample waited for its answer while fine-tuning and validation ran: stored, and so with the wait for the disk.</param>
/// <param name="Answers">The samples answered meanwhile.</param>
internal sealed record AdaptationRun(
    int Seed, int FalseAlarms, int DriftDelay, double Before, double After, double Silent, double FineTuneMilliseconds, double AnswerMilliseconds, int Answers)
{
    private static readonly string[] s_silent = ["silentA", "silentB"];
    private static readonly int[] s_takes = [1, 2];

    /// <summary>
    /// Trains classifier and anomaly detector on the first silent recordings, then streams the second silent ones, whose labels nobody
    /// gives, the first noisy ones with labels, and normal noisy ones without until the loop is done.
    /// </summary>
    /// <param name="recordings">The recordings.</param>
    /// <param name="fault">1 or 2.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="folder">A scratch folder.</param>
    public static AdaptationRun Of(FanRecordings recordings, int fault, int seed, string folder)
    {
        (float[] Spectrum, int Label)[] Rows(string room, int take) => [.. new[] { 0, fault }.SelectMany(fan => FanRows.Of(recordings, fan, room, take))];
        (float[] Spectrum, int Label)[][] silent = [.. s_takes.Select(take => s_silent.SelectMany(room => Rows(room, take)).ToArray())];
        (float[] Spectrum, int Label)[][] noisy = [.. s_takes.Select(take => Rows("noisy", take))];
        DataSet test = FanRows.DataSet(noisy[1]);

        Model model = FanClassifier.Pretrain(FanRows.DataSet(silent[0]), seed, Path.Combine(folder, $"fan{seed}.onnx"));
        Onlad anomaly = new(Anomalies.AnomalyTable.Detector);
        foreach ((float[] spectrum, _) in silent[0])
            anomaly.Learn(spectrum);

        string store = Path.Combine(folder, $"fan{seed}.db");
        List<LearnerEvent> events = [];
        (double longest, int answers) = (0, 0);
        Model final;
        using (OnDeviceLearner learner = OnDeviceLearner.Open(model, store, Options(anomaly, seed, noisy[0].Length), events.Add))
        {
            // A device has been running for a while when the room changes.
            learner.WaitForWarmUp();
            foreach ((float[] spectrum, _) in silent[1])
                learner.Process(new StreamSample { Features = spectrum });
            foreach ((float[] spectrum, int label) in noisy[0])
                learner.Process(new StreamSample { Features = spectrum, Label = label });
            foreach (float[] spectrum in Endlessly(recordings.Constant("noisy")))
            {
                if (learner.Status.Phase is not (LearnerPhase.FineTuning or LearnerPhase.Validating))
                    break;
                long start = Stopwatch.GetTimestamp();
                learner.Process(new StreamSample { Features = spectrum });
                longest = Math.Max(longest, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                answers++;
            }
            long active = learner.Status.Active;
            using LearnerHistory history = LearnerHistory.Open(store);
            final = active == 0 ? model : model.WithAdapter(Adapter.FromContent(history.Adapter(active), store));
            long change = silent[1].Length;
            LearnerEvent? noticed = events.Find(line => line.Kind == LearnerEventKind.Drift && line.Sequence > change);
            return new AdaptationRun(
                seed,
                events.Count(line => line.Kind == LearnerEventKind.Drift && line.Sequence <= change),
                (int)((noticed?.Sequence ?? change - 1) - change),
                model.Evaluate(test, threads: 1).Accuracy,
                final.Evaluate(test, threads: 1).Accuracy,
                final.Evaluate(FanRows.DataSet(silent[1]), threads: 1).Accuracy,
                1000 * (history.Versions().LastOrDefault(version => version.Number > 0)?.Seconds ?? 0),
                longest,
                answers);
        }
    }

    // All else is default: skip2-lora with an int4 cache, KSWIN over what ONLAD takes for an anomaly, a fifth of the rows held out.
    private static LearnerOptions Options(Onlad anomaly, int seed, int labelled) => new()
    {
        Monitors = [new DriftMonitor("kswin", new Kswin(new KswinOptions()), DriftSignal.Anomaly)],
        Anomaly = anomaly,
        Collection = new CollectionOptions { MinimumSamples = labelled, LookBack = 100 },
        FineTuning = new FineTuneOptions { Threads = 1, Seed = seed },
    };

    private static IEnumerable<T> Endlessly<T>(IEnumerable<T> items)
    {
        T[] all = [.. items];
        for (int i = 0; ; i = (i + 1) % all.Length)
            yield return all[i];
    }
}
