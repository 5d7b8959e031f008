using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Skiptune.Data;
using Skiptune.Numerics;

namespace Skiptune.Cli.Arguments;

/// <summary>The options of every command that opens the user's own data.</summary>
internal sealed class DataArguments
{
    private static readonly string[] ArrayFiles = [".csv", ".tsv", ".npy", ".npz"];

    private readonly Option<string?> _target = NewOption.OptionalText("--target", "kind", "What is known of samples: classes, values, input (autoencoders) or none [default: what the data say]");
    private readonly Option<string?> _labelColumn = NewOption.OptionalText("--label-column", "names", "CSV: label column by name or number, or several with commas [default: the last]");
    private readonly Option<string?> _mean = NewOption.OptionalText("--mean", "numbers", "Subtracted from pixels of 0 .. 1 or other values, one number or one a channel with commas [default: 0]");
    private readonly Option<string?> _std = NewOption.OptionalText("--std", "numbers", "What they are then divided by [default: 1]");
    private readonly Option<string?> _layout = NewOption.OptionalText("--layout", "order", "Axes of the model's images: nchw or nhwc [default: what the model's input looks like]");

    private readonly Option<int?> _sampleRate = NewOption.OptionalInteger("--sample-rate", "Sounds: values a second that the model takes; others are brought to it [default: as they are]");

    private readonly Option<string?> _place = NewOption.OptionalText("--place", "where", "Sounds: where a shorter one lies in the model's input, and what is taken of a longer one: start, middle or end [default: middle]");

    /// <summary>Adds the options to a command.</summary>
    public DataArguments(Command command)
    {
        foreach (Option option in (Option[])[_target, _labelColumn, _mean, _std, _layout, _sampleRate, _place])
            command.Add(option);
    }

    /// <summary>How to open data for a model.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="path">The data.</param>
    /// <param name="sample">The shape of a sample of the model's input.</param>
    /// <param name="classes">The classes that the model tells apart, or null if they do not matter.</param>
    /// <exception cref="UsageException">An option's value is not possible.</exception>
    public DataSourceOptions Read(ParseResult parsed, string path, Shape sample, int? classes)
    {
        SampleFormat values = new()
        {
            Mean = Numbers("--mean", parsed.GetValue(_mean)),
            Std = Numbers("--std", parsed.GetValue(_std)),
        };
        return new DataSourceOptions
        {
            ClassCount = classes,
            Targets = parsed.GetValue(_target) is { } target ? Choice.Parse<TargetKind>("--target", target) : null,
            LabelColumns = parsed.GetValue(_labelColumn) is { } columns ? [.. columns.Split(',', StringSplitOptions.TrimEntries)] : [],
            SampleRate = parsed.GetValue(_sampleRate),
            SoundPlace = parsed.GetValue(_place) is { } place ? Choice.Parse<SoundPlace>("--place", place) : SoundPlace.Middle,
            Format = sample.Rank == 3 && !HoldsArrays(path) && !DataSource.IsSound(path) ? Images(values, sample, parsed.GetValue(_layout)) : values with { Shape = sample },
        };
    }

    /// <summary>The options as given, to be used again.</summary>
    public IEnumerable<(string Option, string Value)> Given(ParseResult parsed) =>
        from option in (Option[])[_target, _labelColumn, _mean, _std, _layout, _sampleRate, _place]
        let value = option is Option<int?> number ? $"{parsed.GetValue(number)}" : parsed.GetValue((Option<string?>)option)
        where value is { Length: > 0 }
        select (option.Name, value);

    // Images come in many sizes and are made to fit; arrays hold what the model takes.
    private static bool HoldsArrays(string path) => Directory.Exists(path)
        ? Directory.EnumerateFiles(path).Any(IsArray)
        : IsArray(path);

    private static bool IsArray(string path) => ArrayFiles.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    private static SampleFormat Images(SampleFormat values, Shape sample, string? layout)
    {
        ImageLayout order = layout is null
            ? sample[0] is not (1 or 3) && sample[2] is 1 or 3 ? ImageLayout.Nhwc : ImageLayout.Nchw
            : Choice.Parse<ImageLayout>("--layout", layout);
        (int channels, int height, int width) = order == ImageLayout.Nhwc ? (sample[2], sample[0], sample[1]) : (sample[0], sample[1], sample[2]);
        return values with { Channels = channels, Height = height, Width = width, Layout = order };
    }

    private static ImmutableArray<float> Numbers(string option, string? text)
    {
        if (text is null)
            return [];
        List<float> numbers = [];
        foreach (string part in text.Split(','))
        {
            if (!float.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out float number) || !float.IsFinite(number))
                throw new UsageException($"{option} needs numbers with commas between them, not '{text}'");
            numbers.Add(number);
        }
        return [.. numbers];
    }
}
