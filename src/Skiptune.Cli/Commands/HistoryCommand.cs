using System.CommandLine;
using Skiptune.Cli.Arguments;
using Skiptune.Cli.Output;
using Skiptune.Streaming.Loop;
using Skiptune.Streaming.Sources;
using Skiptune.Streaming.Store;
using Spectre.Console;

namespace Skiptune.Cli.Commands;

/// <summary>history: the audit trail of a store.</summary>
internal sealed class HistoryCommand : ExampleCommand
{
    private readonly Option<string> _store = StoreArgument.Store();
    private readonly Option<int> _last = NewOption.Integer("--last", "Show the last n lines", 50);
    private readonly Option<bool> _quarantined = new("--quarantined") { Description = "Show the samples that were not used, with their reasons" };
    private readonly Option<string?> _json = CommonOptions.Json();

    public HistoryCommand()
        : base("history", "Show what a watch has done and why: drifts, fine-tunings, swaps, rejections, rollbacks, samples not used.", "skiptune history --store skiptune.db")
    {
        foreach (Option option in (Option[])[_store, _last, _quarantined, _json])
            Add(option);
        SetAction(Run);
    }

    private int Run(ParseResult parsed)
    {
        int last = parsed.GetValue(_last);
        if (last < 1)
            throw new UsageException($"--last must be 1 or more, not {last}");
        JsonTarget json = new(parsed.GetValue(_json));
        using LearnerHistory history = LearnerHistory.Open(parsed.GetRequiredValue(_store));
        if (parsed.GetValue(_quarantined))
            ShowQuarantined(history.Quarantined(last), json);
        else
            ShowEvents(history.Events(last), json);
        return ExitCode.Ok;
    }

    private static void ShowEvents(IReadOnlyList<LearnerEvent> lines, JsonTarget json)
    {
        Table table = NewTable.With(">number", "time", ">sample", "event", "then", "reason");
        foreach (LearnerEvent line in lines)
        {
            string reason = line.Version is { } version ? $"version {version}: {line.Reason}" : line.Reason;
            table.Row($"{line.Number}", Time(line.Time), $"{line.Sequence}", ResultJson.NameOf(line.Kind), ResultJson.NameOf(line.To), reason);
        }
        Terminal.On(json.Text).Write(table);
        json.Write(writer =>
        {
            writer.WriteStartArray("events");
            foreach (LearnerEvent line in lines)
            {
                writer.WriteStartObject();
                ResultJson.Write(writer, line);
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
        });
    }

    private static void ShowQuarantined(IReadOnlyList<QuarantinedSample> samples, JsonTarget json)
    {
        Table table = NewTable.With(">number", "time", "source", "id", "reason");
        foreach (QuarantinedSample sample in samples)
            table.Row($"{sample.Number}", Time(sample.Time), sample.Source, sample.Id ?? "", $"{sample.Reason}: {sample.Detail}");
        Terminal.On(json.Text).Write(table);
        json.Write(writer =>
        {
            writer.WriteStartArray("quarantined");
            foreach (QuarantinedSample sample in samples)
            {
                writer.WriteStartObject();
                writer.WriteNumber("number", sample.Number);
                writer.WriteString("time", sample.Time);
                writer.WriteString("source", sample.Source);
                writer.WriteString("id", sample.Id);
                writer.WriteString("reason", sample.Reason);
                writer.WriteString("detail", sample.Detail);
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
        });
    }

    private static string Time(DateTimeOffset time) => $"{time.ToLocalTime():yyyy-MM-dd HH:mm:ss}";
}
