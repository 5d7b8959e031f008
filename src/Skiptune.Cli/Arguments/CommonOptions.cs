using System.CommandLine;

namespace Skiptune.Cli.Arguments;

/// <summary>Options that several commands have.</summary>
internal static class CommonOptions
{
    public static Option<string?> Adapter() =>
        NewOption.OptionalText("--adapter-path", "folder", "Adapter that 'skiptune finetune' wrote [default: none, the base alone]");

    public static Option<string?> Data(string leftOut) =>
        NewOption.OptionalText("--data", "path", $"Folder or file: IDX, images or WAV sounds by class, CSV, NPY, NPZ or CIFAR; parts named train, valid, test or t10k [default: {leftOut}]");

    public static Option<double?> Rotate(string leftOut) =>
        NewOption.OptionalReal("--rotate", "degrees", $"Turn all images counter-clockwise [default: {leftOut}]");

    public static Option<int?> TrainSamples(string leftOut) =>
        NewOption.OptionalInteger("--train-samples", $"Use the first n training samples [default: {leftOut}]");

    public static Option<int?> TestSamples(string leftOut) =>
        NewOption.OptionalInteger("--test-samples", $"Use the first n test samples [default: {leftOut}]");

    public static Option<int> Threads(int defaultValue = 0) => NewOption.Integer("--threads", "Threads, 0 for one a processor; results do not depend on it", defaultValue);

    public static Option<string?> Json() => NewOption.OptionalText("--json", "file", "Write the result as JSON to a file, or with - to standard output in place of text");
}
