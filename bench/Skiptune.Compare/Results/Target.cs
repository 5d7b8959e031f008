using System.Collections.Immutable;

namespace Skiptune.Compare.Results;

/// <summary>What a ratio should be.</summary>
/// <param name="Key">Its name.</param>
/// <param name="Limit">What it must reach, or must not exceed.</param>
/// <param name="AtMost">True if it must not exceed it.</param>
/// <param name="Says">The ratio in words.</param>
internal sealed record Target(string Key, double Limit, bool AtMost, string Says)
{
    public static ImmutableArray<Target> All { get; } =
    [
        AtLeast("skip2_float32_vs_torchscript_skip2", 4, "Skip2-LoRA, float32 cache, fill included: times faster than the fastest PyTorch by hand"),
        AtLeast("skip2_float32_vs_torchscript_skip2_same_threads", 4, "the same, PyTorch at the same number of threads"),
        NoMore("skip2_int4_vs_skip2_float32", 1.05, "Skip2-LoRA with an int4 cache: its time over float32's"),
        NoMore("skip2_int2_vs_skip2_float32", 1.05, "Skip2-LoRA with an int2 cache: its time over float32's"),
        AtLeast("lora_all_vs_torch_lora_all_merged", 1.5, "LoRA-All: times faster than PyTorch with merged weights"),
        AtLeast("ft_all_vs_torch_ft_all", 1.5, "FT-All: times faster than PyTorch"),
        AtLeast("skip2_vs_torch_lora_all", 70, "Skip2-LoRA against PyTorch's LoRA-All: times faster"),
        AtLeast("adapter_share_of_peak", 0.40, "adapter steps: share of one core's FMA peak"),
        AtLeast("lenet_forward_share_of_peak", 0.35, "LeNet forward, batch 64: share of one core's FMA peak"),
        AtLeast("adapter_share_of_peak_v128", 0.40, "adapter steps, 128 bits: share of one core's 128-bit FMA peak"),
        AtLeast("lenet_forward_share_of_peak_v128", 0.35, "LeNet forward, 128 bits, batch 64: share of one core's 128-bit FMA peak"),
        NoMore("resnet20_forward_vs_ort", 1.5, "ResNet-20 forward, worse of batch 1 and 32: time over ONNX Runtime's"),
        NoMore("mobilenetv2_forward_vs_ort", 1.5, "MobileNetV2 forward, worse of batch 1 and 32: time over ONNX Runtime's"),
        AtLeast("process_vs_torch_process", 5, "the whole finetune process, cold: times faster than PyTorch's"),
    ];

    public bool IsMet(double value) => AtMost ? value <= Limit : value >= Limit;

    /// <summary>"at least 4", and whether that holds.</summary>
    public string Describe() => FormattableString.Invariant($"{(AtMost ? "<=" : ">=")} {Limit}");

    public string Verdict(double? value) => value is null ? "not measured" : IsMet(value.Value) ? "met" : "missed";

    private static Target AtLeast(string key, double limit, string says) => new(key, limit, AtMost: false, says);

    private static Target NoMore(string key, double limit, string says) => new(key, limit, AtMost: true, says);
}
