using System.CommandLine;
using Skiptune.Cli.Arguments;
using Skiptune.Cli.Output;
using Skiptune.FineTuning;
using Skiptune.Streaming.Store;
using Spectre.Console;

namespace Skiptune.Cli.Commands;

/// <summary>versions: the versions of a store, or the adapter of one as files.</summary>
internal sealed class VersionsCommand : ExampleCommand
{
    private readonly Option<string> _store = StoreArgument.Store();
    private readonly Option<int?> _version = NewOption.OptionalInteger("--version", "The version to write with --adapter-path [default: the active one]");
    private readonly Option<string?> _adapterPath = NewOption.OptionalText("--adapter-path", "folder", "Write a version's adapter there, as 'skiptune finetune' does [default: write none]");
    private readonly Option<string?> _json = CommonOptions.Json();

    public VersionsCommand()
        : base("versions", "List the versions of the model that a watch has made, and which one answers; or write the adapter of one.", "skiptune versions --store skiptune.db")
    {
        foreach (Option option in (Option[])[_store, _version, _adapterPath, _json])
            Add(option);
        SetAction(Run);
    }

    private int Run(ParseResult parsed)
    {
        string? folder = parsed.GetValue(_adapterPath);
        if (folder is not null)
            OutputPath.CheckFolder(folder);
        else if (parsed.GetValue(_version) is not null)
            throw new UsageException("--version belongs to --adapter-path");
        JsonTarget json = new(parsed.GetValue(_json));
        using LearnerHistory history = LearnerHistory.Open(parsed.GetRequiredValue(_store));
        if (folder is null)
            Show(history.Versions(), history.Active(), json);
        else
            Write(history, parsed.GetValue(_version) ?? history.Active(), folder, json);
        return ExitCode.Ok;
    }

    private static void Show(IReadOnlyList<StoredVersion> versions, long active, JsonTarget json)
    {
        Table table = NewTable.With(">version", "state", ">of", "made", ">samples", ">ms", "validation");
        foreach (StoredVersion version in versions)
        {
            table.Row(
                version.Number == active ? $"* {version.Number}" : $"{version.Number}",
                version.State,
                $"{version.Parent}",
                $"{version.Time.ToLocalTime():yyyy-MM-dd HH:mm:ss}",
                version.Number == 0 ? "" : $"{version.Samples}",
                version.Number == 0 ? "" : $"{1000 * version.Seconds:0.0}",
                version.Report ?? (version.Number == 0 ? "the base model" : ""));
        }
        Terminal.On(json.Text).Write(table);
        json.Write(writer =>
        {
            writer.WriteNumber("active", active);
            writer.WriteStartArray("versions");
            foreach (StoredVersion version in versions)
            {
                writer.WriteStartObject();
                writer.WriteNumber("version", version.Number);
                writer.WriteString("state", version.State);
                if (version.Parent is { } parent)
                    writer.WriteNumber("parent", parent);
                writer.WriteString("time", version.Time);
                writer.WriteNumber("samples", version.Samples);
                writer.WriteNumber("seconds", version.Seconds);
                writer.WriteString("report", version.Report);
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
        });
    }

    private static void Write(LearnerHistory history, long version, string folder, JsonTarget json)
    {
        Adapter.FromContent(history.Adapter(version), $"version {version}").Save(folder);
        json.Text.WriteLine($"wrote       the adapter of version {version} to {folder}");
        json.Write(writer =>
        {
            writer.WriteNumber("version", version);
            writer.WriteString("adapter", folder);
        });
    }
}
