// Fine-tunes pretrained models of others on real data, and writes what came out:
//   dotnet run -c Release --project bench/Skiptune.RealModels -- [--assets DIR] [--only NAME] [--choose] [--times] [--json FILE] [--docs FILE]
// DIR holds the models and data, each in a folder with its origin in SOURCE.txt. Test samples are read for the final figures
// only: settings are chosen on splits of the training samples, by --choose, and fixed in the code of each model.
using System.Diagnostics;
using Skiptune;
using Skiptune.RealModels;
using Skiptune.RealModels.Models;
using Skiptune.RealModels.Report;

RealModel[] all = [new Resnet20(), new MobileNet(), new ToyCar(), new SpokenDigits(), new Stories()];
try
{
    Arguments arguments = Arguments.Parse(args, [.. all.Select(model => model.Name)]);
    Assets assets = new(arguments.Assets);
    Stopwatch clock = Stopwatch.StartNew();
    List<ModelReport> reports = [];
    foreach (RealModel model in all.Where(model => arguments.Only is null || model.Name == arguments.Only))
    {
        if (model.Missing(assets) is { } missing)
        {
            Console.WriteLine($"{model.Name}: skipped, there is no {missing} in {assets.Folder}");
            continue;
        }
        Console.WriteLine($"{model.Name}");
        if (arguments.Choose)
            model.Choose(assets);
        else
            reports.Add(model.Run(assets));
    }
    Console.WriteLine($"{clock.Elapsed.TotalSeconds:F0} s in all");
    if (arguments.Json is { } json)
        JsonReport.Write(json, reports);
    if (arguments.Docs is { } docs)
        Page.Write(docs, reports, [.. all.Select(model => model.Name)], arguments.Times);
    return 0;
}
catch (Exception exception) when (exception is SkiptuneException or IOException or InvalidDataException)
{
    Console.Error.WriteLine($"error: {exception.Message}");
    return 1;
}
