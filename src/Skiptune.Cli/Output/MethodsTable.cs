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
        Table methods = NewTable.With("method", "trains", "rate,\nadam", "rate,\nsgd", "default\ncache");
        foreach (FineTuneMethod method in FineTuneMethod.All)
            methods.Row(method.Name, method.Description, $"{method.DefaultLearningRate(new Adam())}", $"{method.DefaultLearningRate(new Sgd())}", method.DefaultCache.Name);
        console.Write(methods);

        Table caches = NewTable.With("cache", "keeps frozen results");
        foreach (CacheFormat format in CacheFormat.All)
            caches.Row(format.Name, format.Description);
        console.Write(caches);

        Table optimizers = NewTable.With("optimizer", "steps");
        foreach ((string name, string description) in OptimizerName.All)
            optimizers.Row(name, description);
        console.Write(optimizers);

        Table schedules = NewTable.With("schedule", "learning rate after the warm-up");
        schedules.Row(Schedule.Constant.Name, "the same at every step");
        schedules.Row(Schedule.Cosine.Name, "half a cosine down to 0 (the default)");
        console.Write(schedules);

        Table kernels = NewTable.With("kernels", "of this machine; SKIPTUNE_KERNELS forces one, all give the same results");
        foreach (KernelSet form in KernelSet.Available)
            kernels.Row(form.Name, form == KernelSet.Current ? "in use" : "");
        console.Write(kernels);
    }
}
