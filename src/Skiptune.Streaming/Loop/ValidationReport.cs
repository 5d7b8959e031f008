using Skiptune.Data;
using Skiptune.FineTuning;

namespace Skiptune.Streaming.Loop;

/// <summary>How a tuned version does beside the active one, on the same samples.</summary>
/// <param name="HeldOut">Samples held out of the fine-tuning.</param>
/// <param name="Active">The active version's accuracy on them.</param>
/// <param name="Tuned">The tuned version's.</param>
/// <param name="Chance">The probability that the gain is chance.</param>
/// <param name="Retention">Samples of the retention set; 0 without one.</param>
/// <param name="ActiveRetention">The active version's accuracy on them.</param>
/// <param name="TunedRetention">The tuned version's.</param>
public sealed record ValidationReport(
    int HeldOut, double Active, double Tuned, double Chance, int Retention, double ActiveRetention, double TunedRetention)
{
    /// <summary>The first gate that is missed, in words; null if all are passed.</summary>
    public string? Missed(GateOptions gates)
    {
        ArgumentNullException.ThrowIfNull(gates);
        if (Tuned - Active < gates.MinimumGain || Tuned <= Active)
            return $"a gain of {100 * (Tuned - Active):0.0} points, {100 * gates.MinimumGain:0.0} are needed";
        if (Chance > gates.MaximumChance)
            return $"the gain may be chance (p = {Chance:0.000}, at most {gates.MaximumChance:0.###})";
        if (Tuned < gates.MinimumAccuracy)
            return $"an accuracy of {100 * Tuned:0.0} %, {100 * gates.MinimumAccuracy:0.0} % are needed";
        if (Retention > 0 && ActiveRetention - TunedRetention > gates.MaximumRetentionLoss)
            return $"{100 * (ActiveRetention - TunedRetention):0.0} points lost on the retention set, at most {100 * gates.MaximumRetentionLoss:0.0} may be";
        return null;
    }

    /// <summary>One line.</summary>
    public override string ToString() =>
        $"{100 * Active:0.0} % to {100 * Tuned:0.0} % on {HeldOut} held out (p = {Chance:0.0000})"
        + (Retention == 0 ? "" : $", {100 * ActiveRetention:0.0} % to {100 * TunedRetention:0.0} % on {Retention} retained");

    internal static ValidationReport Of(Model active, Model tuned, DataSet heldOut, DataSet? retention, CancellationToken cancellationToken)
    {
        (bool[] before, bool[] after) = (Right(active, heldOut, cancellationToken), Right(tuned, heldOut, cancellationToken));
        (bool[] kept, bool[] left) = retention is null ? ([], []) : (Right(active, retention, cancellationToken), Right(tuned, retention, cancellationToken));
        int won = before.Zip(after).Count(pair => !pair.First && pair.Second);
        int lost = before.Zip(after).Count(pair => pair.First && !pair.Second);
        return new ValidationReport(heldOut.Count, Share(before), Share(after), ChanceOf(won, lost), kept.Length, Share(kept), Share(left));
    }

    /// <summary>The probability of at least so many wins among the samples that only one of two answers right, were both as likely.</summary>
    internal static double ChanceOf(int won, int lost)
    {
        int all = won + lost;
        double log = -all * Math.Log(2); // of the binomial probability of so many wins, from all downwards
        double sum = 0;
        for (int wins = all; wins >= won; wins--)
        {
            sum += Math.Exp(log);
            log += Math.Log(wins / (all - wins + 1.0));
        }
        return Math.Min(1, sum);
    }

    private static double Share(bool[] right) => right.Length == 0 ? 0 : (double)right.Count(one => one) / right.Length;

    private static bool[] Right(Model model, DataSet data, CancellationToken cancellationToken)
    {
        Predictor predictor = model.CreatePredictor();
        bool[] right = new bool[data.Count];
        float[] sample = new float[data.SampleShape.Count];
        for (int i = 0; i < right.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            data.Read([i], sample);
            right[i] = predictor.Classify(sample).Class == data.Labels[i];
        }
        return right;
    }
}
