namespace Skiptune.Cli.Output;

/// <summary>What the Skip2-LoRA papers report for the demo's task, measured on a Raspberry Pi Zero 2 W.</summary>
/// <param name="Accuracy">Percent.</param>
/// <param name="Seconds">Seconds of fine-tuning, or null.</param>
internal sealed record Published(double Accuracy, double? Seconds)
{
    public static Published? Find(string method, string cache) => (method, cache) switch
    {
        ("none", _) => new(9.18, null),
        ("ft-last", "none") => new(60.94, 18.09),
        ("lora-last", "none") => new(53.81, 18.09),
        ("lora-all", "none") => new(75.59, 114.15),
        ("skip-lora", "none") => new(73.54, 19.84),
        ("skip2-lora", "float32") => new(73.54, 3.90),
        ("skip2-lora", "int4") => new(74.02, 4.27),
        _ => null,
    };
}
