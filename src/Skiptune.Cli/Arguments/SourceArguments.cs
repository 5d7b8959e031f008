using System.CommandLine;
using System.Net;
using Skiptune.Streaming.Network;
using Skiptune.Streaming.Sources;

namespace Skiptune.Cli.Arguments;

/// <summary>The options that say where samples come from.</summary>
internal sealed class SourceArguments
{
    /// <summary>A token on the command line would be seen by every user of the machine.</summary>
    private const string TokenVariable = "SKIPTUNE_TOKEN";

    private readonly Option<string?> _follow = NewOption.OptionalText("--follow", "file", "Read the lines of a file, CSV or JSON, and wait for more");
    private readonly Option<string?> _replay = NewOption.OptionalText("--replay", "path", "Read the .csv, .jsonl and .ndjson files of a folder, or one file, to the end");
    private readonly Option<double?> _rate = NewOption.OptionalReal("--rate", "n", "Samples a second of --replay [default: as fast as they are taken]");
    private readonly Option<string?> _http = NewOption.OptionalText("--http", "address", $"Take samples over HTTP at an address and port, such as 127.0.0.1:8077; one that others can reach needs the variable {TokenVariable}");
    private readonly Option<string?> _rabbitMq = NewOption.OptionalText("--rabbitmq", "uri", "Take samples from a RabbitMQ broker, such as amqp://guest:guest@127.0.0.1:5672");
    private readonly Option<string> _queue = NewOption.Text("--queue", "name", "Its queue", "skiptune");
    private readonly Option<string?> _topic = NewOption.OptionalText("--topic", "pattern", "A topic such as sensors.# to bind the queue to, where MQTT sensors publish [default: none]");

    public SourceArguments(Command command)
    {
        foreach (Option option in (Option[])[_follow, _replay, _rate, _http, _rabbitMq, _queue, _topic])
            command.Add(option);
    }

    /// <summary>All sources that are named; standard input where none is.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="makeParser">Makes the parser of a source.</param>
    /// <param name="listening">Told of an address that is listened on.</param>
    /// <exception cref="UsageException">A value is not possible.</exception>
    public List<ISampleSource> Read(ParseResult parsed, Func<SampleParser> makeParser, Action<string> listening)
    {
        double? rate = parsed.GetValue(_rate);
        if (rate is <= 0)
            throw new UsageException($"--rate must be above 0, not {rate}");
        if (rate is not null && parsed.GetValue(_replay) is null)
            throw new UsageException("--rate belongs to --replay");
        List<ISampleSource> sources = [];
        if (parsed.GetValue(_follow) is { Length: > 0 } file)
            sources.Add(new FileSource(file, makeParser, follow: true));
        if (parsed.GetValue(_replay) is { Length: > 0 } folder)
            sources.Add(new ReplaySource(folder, makeParser, rate));
        if (parsed.GetValue(_http) is { } address)
            sources.Add(Http(address, makeParser, listening));
        if (parsed.GetValue(_rabbitMq) is { } broker)
            sources.Add(RabbitMq(broker, parsed, makeParser, listening));
        if (sources.Count == 0)
            sources.Add(new LineSource(Console.OpenStandardInput(), makeParser()));
        return sources;
    }

    // Only a watch over a network loads its assemblies.
    private static HttpSource Http(string address, Func<SampleParser> makeParser, Action<string> listening)
    {
        if (!IPEndPoint.TryParse(address, out IPEndPoint? point))
            throw new UsageException($"--http needs an address and a port such as 127.0.0.1:8077, not '{address}'");
        HttpSourceOptions options = new() { Address = point, Token = Environment.GetEnvironmentVariable(TokenVariable) is { Length: > 0 } token ? token : null };
        return UsageException.Guard(() => new HttpSource(options, makeParser) { Started = listening });
    }

    private RabbitMqSource RabbitMq(string broker, ParseResult parsed, Func<SampleParser> makeParser, Action<string> listening)
    {
        if (!Uri.TryCreate(broker, UriKind.Absolute, out Uri? uri))
            throw new UsageException("--rabbitmq needs an address such as amqp://guest:guest@127.0.0.1:5672");
        RabbitMqOptions options = new() { Broker = uri, Queue = parsed.GetRequiredValue(_queue), Topic = parsed.GetValue(_topic) };
        return UsageException.Guard(() => new RabbitMqSource(options, makeParser) { Started = () => listening($"the queue {options.Queue}") });
    }
}
