using Skiptune.Data;
using Skiptune.FineTuning;
using Skiptune.Numerics;
using Skiptune.RealModels.Report;

namespace Skiptune.RealModels.Models;

/// <summary>An autoencoder for the sound of toy cars learns the vibration of a fan.</summary>
internal sealed class ToyCar : RealModel
{
    private const int Seeds = 3;

    private static readonly string[] s_train = ["normal_silentA_1", "normal_silentB_1", "normal_noisy_1"];
    private static readonly string[] s_test = ["normal_silentA_2", "normal_silentB_2", "normal_noisy_2"];
    private static readonly string[] s_damaged = ["damage1_silentA_2", "damage1_silentB_2", "damage1_noisy_2"];

    private static readonly FineTuneMethod[] s_methods = [FineTuneMethod.FtLast, FineTuneMethod.Skip2Lora, FineTuneMethod.LoraAll, FineTuneMethod.FtAll];

    // Chosen on frames held back of the training recordings, by --choose.
    private static readonly Setting[] s_settings =
    [
        new(FineTuneMethod.FtLast, 1e-1f, 20),
        new(FineTuneMethod.Skip2Lora, 3e-3f, 20, Rank: 16),
        new(FineTuneMethod.LoraAll, 1e-2f, 20, Rank: 16),
        new(FineTuneMethod.FtAll, 3e-2f, 20),
    ];

    public override string Name => "toycar";

    protected override string[] Needs =>
        ["toycar_autoencoder/ad01_toycar_autoencoder.onnx", .. s_train.Concat(s_test).Concat(s_damaged).Select(name => $"cooling_fan/12cm_hmlo_{name}.zip")];

    public override ModelReport Run(Assets assets)
    {
        Model model = Model.Load(assets[Needs[0]]);
        TensorDataSet train = FanFrames.Read(assets, s_train);
        TensorDataSet test = FanFrames.Read(assets, s_test);
        TensorDataSet damaged = FanFrames.Read(assets, s_damaged);
        Row before = new("none", "", [model.Evaluate(test).Loss]) { Other = Separation(model, test, damaged) };
        Console.WriteLine($"  base: error {before.Mean:F2}, damage {before.Other:F1} %");
        return new ModelReport
        {
            Name = Name,
            Title = "ToyCar autoencoder on another machine",
            Source = "Model: MLPerf Tiny anomaly detection, github.com/mlcommons/tiny, Apache-2.0.",
            Task = $"The recordings it was made for (ToyADMOS, DCASE 2020) are not at hand. In their place: a machine it has never met, a 12 cm fan whose vibration spectra are in github.com/matutani/cooling-fan (Sunaga et al., IEEE Micro 2023), 128 bands in decibels, five in a row as for toy cars. `--target input`, so the error is the mean square of a value in dB². It learns from {train.Count} frames of a sound fan in three rooms; {test.Count} frames of other recordings of it are the test. Mean and standard deviation over 3 seeds. Beside it, how well the error tells {damaged.Count} frames of a damaged fan from those: the area under the ROC curve, 50 % for a guess, of the last seed.",
            Findings = "The autoencoder has to be told what the new machine is like before its error means anything: unadapted, a damaged fan has smaller errors than a sound one. skip2-lora, which has a way around the bottleneck, describes sound frames best and does not tell damage worse for it. The rank was chosen with the rate, 4 or 16.",
            Summary = ModelReport.Summarise(model),
            ForwardMilliseconds = ModelReport.TimeForward(model, test),
            Figure = "mean squared error",
            OtherFigure = "damage told %",
            Rows = [before, .. s_settings.Select(setting => Measure(model, train, test, damaged, setting))],
        };
    }

    public override void Choose(Assets assets)
    {
        Model model = Model.Load(assets[Needs[0]]);
        (DataSet train, DataSet valid) = FanFrames.Split(FanFrames.Read(assets, s_train));
        Console.WriteLine($"  {train.Count} frames to learn from, {valid.Count} held back, base {model.Evaluate(valid).Loss:F2}");
        foreach (FineTuneMethod method in s_methods)
        {
            Tuning.Best(
                model,
                train,
                Tuning.ErrorOn(valid),
                from rate in (float[])[1e-3f, 3e-3f, 1e-2f, 3e-2f, 1e-1f]
                from rank in method.UsesRank ? (int[])[4, 16] : [4]
                select new Setting(method, rate, 20, rank),
                1,
                smallest: true);
        }
    }

    private static Row Measure(Model model, DataSet train, DataSet test, DataSet damaged, Setting setting)
    {
        Model last = model;
        Row row = Tuning.Run(model, train, tuned => (last = tuned).Evaluate(test).Loss, setting, Seeds);
        return row with { Other = Separation(last, test, damaged) };
    }

    /// <summary>The chance in per cent that a damaged machine's frame has a larger error than a sound one's.</summary>
    private static double Separation(Model model, DataSet sound, DataSet damaged)
    {
        double[] low = [.. Errors(model, sound).Order()];
        double below = Errors(model, damaged).Sum(error =>
        {
            int at = Array.BinarySearch(low, error);
            return at < 0 ? ~at : at + 0.5;
        });
        return 100 * below / ((double)sound.Count * damaged.Count);
    }

    private static double[] Errors(Model model, DataSet data)
    {
        Tensor answers = model.Predict(data);
        float[] sample = new float[data.TargetLength];
        double[] errors = new double[data.Count];
        for (int row = 0; row < errors.Length; row++)
        {
            data.ReadTargets([row], sample);
            ReadOnlySpan<float> answer = answers.Rows(row, 1).Span;
            for (int i = 0; i < sample.Length; i++)
                errors[row] += (sample[i] - answer[i]) * (double)(sample[i] - answer[i]) / sample.Length;
        }
        return errors;
    }
}
