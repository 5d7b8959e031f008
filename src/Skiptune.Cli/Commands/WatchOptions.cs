using System.CommandLine;
using Skiptune.Cli.Arguments;
using Skiptune.Data;
using Skiptune.FineTuning;
using Skiptune.Streaming.Loop;

namespace Skiptune.Cli.Commands;

/// <summary>Makes the loop's options of a command line.</summary>
internal static class WatchOptions
{
    public static LearnerOptions Read(
        ParseResult parsed, Model model, LoopArguments loop, MonitorArguments monitors, DataArguments data, string? retention, string? rehearsal)
    {
        OutputLayer layer = model.GetOutputLayer();
        LearnerOptions options = monitors.Apply(parsed, UsageException.Guard(() => loop.Read(parsed)), model.Graph.Inputs[0].SampleShape.Count, layer.Classes);
        UsageException.Guard(() =>
        {
            options.Check();
            return 0;
        });
        return options with { Retention = Open(retention), Rehearsal = Open(rehearsal) };

        // Data named for this are it whole, unless they have a part to train on.
        DataSet? Open(string? path) => path is null
            ? null
            : DataSource.Open(path, data.Read(parsed, path, model.Graph.Inputs[0].SampleShape, layer.Classes)).Train;
    }
}
