using Skiptune.Cli.Output;
using Skiptune.Data;
using Skiptune.FineTuning;
using Skiptune.Hardware;

namespace Skiptune.Cli.Commands;

/// <summary>A fine-tuning on the accelerator, for finetune, fpga simulate and fpga run.</summary>
internal static class AcceleratorRun
{
    /// <summary>The clock in MHz that the design is meant for.</summary>
    public const double DefaultClock = 200;

    public static int Run(
        Model model,
        DataSet train,
        DataSet? test,
        FineTuneOptions options,
        AcceleratorOptions hardware,
        Func<CancellationToken, AcceleratorResult> fit,
        double clock,
        string adapterPath,
        JsonTarget json,
        CancellationToken cancellationToken)
    {
        TextWriter text = json.Text;
        text.WriteLine($"hardware    {hardware.Lanes} lanes, rank {hardware.Rank}, cache of {hardware.Samples} samples");
        text.WriteLine($"training    {options.Epochs} epochs, batches of {options.BatchSize}, gradient descent");
        AcceleratorResult result = fit(cancellationToken);
        Evaluation? before = test is null ? null : model.Evaluate(test, options.Threads, cancellationToken);
        Evaluation? after = test is null ? null : model.WithAdapter(result.Adapter).Evaluate(test, options.Threads, cancellationToken);
        text.WriteLine($"cycles      {result.Cycles.Total,9:N0}  {result.Milliseconds(clock):F3} ms at {clock} MHz");
        text.WriteLine($"  base      {result.Cycles.Base,9:N0}  until the last sample was in the cache, training beside it");
        text.WriteLine($"  adapters  {result.Cycles.Adapters,9:N0}  training after that");
        text.WriteLine($"  words     {result.Cycles.Issue,9:N0}  begun; waited {result.Cycles.WaitSamples:N0} for samples, {result.Cycles.WaitOrder:N0} for the order");
        if (result.LoadCycles is { } loading)
            text.WriteLine($"loading     {loading,9:N0}  before, reading {result.ReadCycles:N0} after: not in the above");
        text.WriteLine($"bit-exact   {(result.BitExact ? "yes: the bits of the integer model" : "NO: the hardware and the integer model differ")}");
        if (before is not null)
            text.WriteLine($"accuracy    {100 * before.Accuracy:F2} % before, {100 * after!.Accuracy:F2} % after, on {before.Samples:N0} samples");
        text.WriteLine(result.LoadCycles is null ? $"took        {result.Seconds * 1000:F1} ms with loading and reading" : $"simulated   {result.Seconds:F1} s");
        result.Adapter.Save(adapterPath);
        text.WriteLine($"wrote       {Path.Combine(adapterPath, "adapter_model.safetensors")} and {Path.Combine(adapterPath, "adapter_config.json")}");
        json.Write(writer =>
        {
            writer.WriteNumber("lanes", hardware.Lanes);
            writer.WriteNumber("rank", hardware.Rank);
            writer.WriteNumber("cycles", result.Cycles.Total);
            writer.WriteNumber("cycles_base", result.Cycles.Base);
            writer.WriteNumber("cycles_adapters", result.Cycles.Adapters);
            writer.WriteNumber("milliseconds", result.Milliseconds(clock));
            writer.WriteNumber("clock_mhz", clock);
            writer.WriteBoolean("bit_exact", result.BitExact);
            if (before is not null)
            {
                writer.WriteNumber("accuracy_before", before.Accuracy);
                writer.WriteNumber("accuracy_after", after!.Accuracy);
            }
            writer.WriteNumber(result.LoadCycles is null ? "seconds" : "simulation_seconds", result.Seconds);
        });
        return result.BitExact ? ExitCode.Ok : ExitCode.Failure;
    }
}
