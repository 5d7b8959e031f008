using Skiptune.Compare.Jobs;
using Skiptune.Numerics;

namespace Skiptune.Compare.Results;

/// <summary>
/// What the measurements are boiled down to. Speed-ups are the peer's time over ours, PyTorch's at its faster number of
/// threads unless the name says otherwise; those named int4, int2 and ort are our time over the other's, at the same number of threads.
/// </summary>
internal static class Ratios
{
    /// <summary>The models compared with ONNX Runtime.</summary>
    public static readonly string[] Models = ["resnet20", "mobilenetv2"];

    /// <summary>The ratios that have targets, in the order of the targets; null where a side is missing.</summary>
    public static IEnumerable<(Target Target, double? Value)> Of(Measurements results, int threads) =>
        Target.All.Select(target => (target, Value(results, threads, target.Key)));

    /// <summary>More than the targets ask for.</summary>
    public static IEnumerable<(string Key, double? Value)> Details(Measurements results, int threads)
    {
        double? skip2 = results.Median(threads, "skiptune_skip2_float32");
        yield return ("skip2_adam_vs_torch_skip2_adam", results.Fastest("torch_skip2_adam") / results.Median(threads, "skiptune_skip2_adam"));
        yield return ("skip2_vs_torch_lora_all_merged", results.Fastest("torch_lora_all_merged") / skip2);
        yield return ("lora_all_vs_torch_lora_all", results.Fastest("torch_lora_all") / results.Median(threads, "skiptune_lora_all"));
        foreach (string model in Models)
        {
            foreach (int batch in ForwardContest.Batches)
                yield return ($"{model}_forward_vs_ort_batch{batch}", Forward(results, threads, model, batch));
        }
        yield return ("process_not_precompiled_vs_torch_process", results.Fastest("torch_process_eager", "torch_process_script") / results.Median(threads, "skiptune_process"));
        yield return ("adapter_share_of_all_cores_peak", AdapterShare(results, threads, "skiptune_skip2_float32_steps", WidestBits) / threads);
        yield return ("lenet_forward_share_of_all_cores_peak", ForwardShare(results, threads, "skiptune_lenet", WidestBits) / threads);
        yield return ("adapter_cache_gigabytes_per_second", ReferenceTask.AdapterBytes / (results.Median(threads, "skiptune_skip2_float32_steps") * 1e6));
        yield return ("skip2_v128_vs_widest", results.Median(1, "skiptune_skip2_v128") / results.Median(1, "skiptune_skip2_float32"));
    }

    /// <summary>The bits of the form in use.</summary>
    public static int WidestBits => KernelSet.Current.Name switch
    {
        "v512" => 512,
        "v256" => 256,
        "v128" => 128,
        _ => 0,
    };

    // Shares are of one core's peak, so one thread makes them, for any number of threads.
    private static double? Value(Measurements results, int threads, string key) => key switch
    {
        "skip2_float32_vs_torchscript_skip2" => results.Fastest("torch_skip2") / results.Median(threads, "skiptune_skip2_float32"),
        "skip2_float32_vs_torchscript_skip2_same_threads" => results.Median(threads, "torch_skip2") / results.Median(threads, "skiptune_skip2_float32"),
        "skip2_int4_vs_skip2_float32" => results.Median(threads, "skiptune_skip2_int4") / results.Median(threads, "skiptune_skip2_float32"),
        "skip2_int2_vs_skip2_float32" => results.Median(threads, "skiptune_skip2_int2") / results.Median(threads, "skiptune_skip2_float32"),
        "lora_all_vs_torch_lora_all_merged" => results.Fastest("torch_lora_all_merged") / results.Median(threads, "skiptune_lora_all"),
        "ft_all_vs_torch_ft_all" => results.Fastest("torch_ft_all") / results.Median(threads, "skiptune_ft_all"),
        "skip2_vs_torch_lora_all" => results.Fastest("torch_lora_all") / results.Median(threads, "skiptune_skip2_float32"),
        "adapter_share_of_peak" => AdapterShare(results, 1, "skiptune_skip2_float32_steps", WidestBits),
        "lenet_forward_share_of_peak" => ForwardShare(results, 1, "skiptune_lenet", WidestBits),
        "adapter_share_of_peak_v128" => AdapterShare(results, 1, "skiptune_skip2_v128_steps", 128),
        "lenet_forward_share_of_peak_v128" => ForwardShare(results, 1, "skiptune_lenet_v128", 128),
        "resnet20_forward_vs_ort" => Worst(results, threads, "resnet20"),
        "mobilenetv2_forward_vs_ort" => Worst(results, threads, "mobilenetv2"),
        "process_vs_torch_process" => results.Fastest("torch_process_eager", "torch_process_script") / (results.Median(threads, "skiptune_process_precompiled") ?? results.Median(threads, "skiptune_process")),
        _ => throw new ArgumentOutOfRangeException(nameof(key), key, "no such ratio"),
    };

    // The worse of the batches, and nothing if one is missing.
    private static double? Worst(Measurements results, int threads, string model)
    {
        double?[] all = [.. ForwardContest.Batches.Select(batch => Forward(results, threads, model, batch))];
        return all.Contains(null) ? null : all.Max();
    }

    private static double? Forward(Measurements results, int threads, string model, int batch) =>
        results.Median(threads, $"skiptune_{model}_batch{batch}") / results.Median(threads, $"onnxruntime_{model}_batch{batch}");

    private static double? AdapterShare(Measurements results, int threads, string name, int bits) =>
        Share(results, ReferenceTask.AdapterFlops, results.Median(threads, name), bits);

    private static double? ForwardShare(Measurements results, int threads, string name, int bits) =>
        Share(results, ReferenceTask.ForwardFlops * ForwardContest.LeNetBatch, results.Median(threads, name), bits);

    private static double? Share(Measurements results, double flops, double? milliseconds, int bits) =>
        results.FmaPeaks.TryGetValue(bits, out double peak) ? flops / (milliseconds * 1e6) / peak : null;
}
