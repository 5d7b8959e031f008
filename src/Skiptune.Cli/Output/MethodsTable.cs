using Skiptune.Cli.Arguments;
using Skiptune.FineTuning;
using Skiptune.Networks;
using Skiptune.Numerics;
using Spectre.Console;

namespace Skiptune.Cli.Output;

/// <summary>The names for people.</summary>
internal static class MethodsTable
{
    public static void Write(TextWriter text)
    {
        IAnsiConsole console = Terminal.On(text);
        Table methods = Make("method", "trains", "rate,\nadam", "rate,\nsgd", "default\ncache");
        foreach (FineTuneMethod method in FineTuneMethod.All)
            Add(methods, method.Name, method.Description, $"{method.DefaultLearningRate(new Adam())}", $"{method.DefaultLearningRate(new Sgd())}", method.DefaultCache.Name);
        console.Write(methods);

        Table caches = Make("cache", "keeps frozen results");
        foreach (CacheFormat format in CacheFormat.All)
            Add(caches, format.Name, format.Description);
        console.Write(caches);

        Table optimizers = Make("optimizer", "steps");
        foreach ((string name, string description) in OptimizerName.All)
            Add(optimizers, name, description);
        console.Write(optimizers);

        Table schedules = Make("schedule", "learning rate after the warm-up");
        Add(schedules, Schedule.Constant.Name, "the same at every step");
        Add(schedules, Schedule.Cosine.Name, "half a cosine down to 0 (the default)");
        console.Write(schedules);

        Table kernels = Make("kernels", "of this machine; SKIPTUNE_KERNELS forces one, all give the same results");
        foreach (KernelSet form in KernelSet.Available)
            Add(kernels, form.Name, form == KernelSet.Current ? "in use" : "");
        console.Write(kernels);
    }

    private static Table Make(params string[] headers)
    {
        Table table = new() { Border = TableBorder.Horizontal };
        foreach (string header in headers)
            table.AddColumn(new TableColumn(new Markup(Markup.Escape(header), new Style(decoration: Decoration.Bold))) { Padding = new Padding(0, 0, 2, 0) });
        return table;
    }

    private static void Add(Table table, params string[] cells) => table.AddRow([.. cells.Select(cell => new Text(cell))]);
}
