using Skiptune.Data;
using Skiptune.FineTuning;
using Skiptune.RealModels.Report;

namespace Skiptune.RealModels.Models;

/// <summary>A small ImageNet network gets a head for the ten classes of CIFAR-10.</summary>
internal sealed class MobileNet : RealModel
{
    private const int Seeds = 3;
    private const int Classes = 10;

    private static readonly SampleFormat s_format = new() { Mean = [0.5f], Std = [0.5f], Height = 128, Width = 128 };

    // ft-last's rate was chosen on 800 held back of the 4,000 training images, by --choose; all else was set beforehand.
    private static readonly Setting[] s_settings =
    [
        new(FineTuneMethod.FtLast, 3e-3f, 6),
        new(FineTuneMethod.Skip2Lora, 1e-3f, 6),
    ];

    public override string Name => "mobilenetv2";

    protected override string[] Needs => ["mobilenetv2_imagenet/mbv2-w0.35.onnx", "cifar10_jpeg"];

    public override ModelReport Run(Assets assets)
    {
        Model model = Model.Load(assets[Needs[0]]);
        using DataSplits data = Open(assets, 0);
        Func<Model, double> measure = Tuning.AccuracyOn(data.Test!);
        return new ModelReport
        {
            Name = Name,
            Title = "MobileNetV2 0.35 from ImageNet to ten classes",
            Source = "Model: github.com/mit-han-lab/tiny-training, MIT (ImageNet-1k at 128 pixels; int8 weights as float32).",
            Task = "Data: the 4,000 and 2,000 images above, resized from 32 to 128 pixels. `--classes 10 --mean .5 --std .5`: a new head in place of the 1000 classes, fitted by ridge regression to the frozen features first. Mean and standard deviation over 3 seeds.",
            Findings = "All three keep the convolutions as they are. The new head alone is most of it; skip2-lora adds what the layers before the last one know.",
            Summary = ModelReport.Summarise(model),
            ForwardMilliseconds = ModelReport.TimeForward(model, data.Test!),
            Rows = [Tuning.Run(model, data.Train, measure, Setting.HeadAlone, 1, Classes), .. s_settings.Select(setting => Tuning.Run(model, data.Train, measure, setting, Seeds, Classes))],
        };
    }

    public override void Choose(Assets assets)
    {
        Model model = Model.Load(assets[Needs[0]]);
        using DataSplits data = Open(assets, 0.2);
        Func<Model, double> measure = Tuning.AccuracyOn(data.Valid!);
        foreach (FineTuneMethod method in (FineTuneMethod[])[FineTuneMethod.FtLast, FineTuneMethod.Skip2Lora])
            Tuning.Best(model, data.Train, measure, from rate in (float[])[3e-4f, 1e-3f, 3e-3f] select new Setting(method, rate, 6), 1, Classes);
    }

    private static DataSplits Open(Assets assets, double validSplit) =>
        DataSource.Open(assets["cifar10_jpeg"], new DataSourceOptions { Format = s_format, ClassCount = Classes, ValidSplit = validSplit });
}
