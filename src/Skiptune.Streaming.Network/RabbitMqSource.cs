using System.Security.Cryptography;
using System.Threading.Channels;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;
using Skiptune.Streaming.Loop;
using Skiptune.Streaming.Sources;

namespace Skiptune.Streaming.Network;

/// <summary>How samples are taken from RabbitMQ.</summary>
public sealed record RabbitMqOptions
{
    /// <summary>The broker: <c>amqp://user:password@host:5672/vhost</c>, or <c>amqps</c>.</summary>
    public required Uri Broker { get; init; }

    /// <summary>The queue; declared durable unless it is there.</summary>
    public required string Queue { get; init; }

    /// <summary>A topic such as <c>sensors.#</c> that is bound from <c>amq.topic</c>, where the MQTT plugin publishes; default null: none.</summary>
    public string? Topic { get; init; }

    /// <summary>Messages that may wait for the disk, 1 to 65,535; default 256.</summary>
    public ushort Prefetch { get; init; } = 256;
}

/// <summary>
/// Samples from a queue of RabbitMQ, one a message, each acknowledged only when it is on the disk. After a crash the broker delivers again
/// what was not acknowledged; what was stored already is known by its id and not counted twice.
/// </summary>
/// <remarks>
/// The id is the one in the sample, else the message's own. A message with neither goes by the hash of its content, which is
/// compared only when the broker says that it delivers it again: a sensor may well measure the same twice.
/// Broken connections are made again without an end.
/// </remarks>
public sealed class RabbitMqSource : ISampleSource
{
    private readonly RabbitMqOptions _options;
    private readonly Func<SampleParser> _makeParser;

    /// <summary>Creates the source.</summary>
    /// <param name="options">The broker and the queue.</param>
    /// <param name="makeParser">Makes the parser of messages.</param>
    /// <exception cref="SkiptuneException">The address is no amqp address.</exception>
    public RabbitMqSource(RabbitMqOptions options, Func<SampleParser> makeParser)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Broker is not { IsAbsoluteUri: true, Scheme: "amqp" or "amqps" })
            throw new SkiptuneException("the broker should be an address such as amqp://guest:guest@127.0.0.1:5672");
        _options = options;
        _makeParser = makeParser;
    }

    /// <summary>Told when messages are being taken: at the start, and after each broken connection.</summary>
    public Action? Started { get; set; }

    private string Source => $"rabbitmq:{_options.Queue}";

    /// <inheritdoc/>
    public async Task RunAsync(LearnerQueue queue, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(queue);
        ConnectionFactory factory = new()
        {
            Uri = _options.Broker,
            ClientProvidedName = "skiptune watch",
            ConsumerDispatchConcurrency = 1,
            AutomaticRecoveryEnabled = false,
        };
        bool wasThere = false;
        while (true)
        {
            try
            {
                using IConnection connection = await factory.CreateConnectionAsync(cancellationToken).ConfigureAwait(false);
                wasThere = true;
                await ConsumeAsync(connection, queue, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is BrokerUnreachableException or OperationInterruptedException or AlreadyClosedException or IOException)
            {
                // What never was there is a wrong address; what was there comes back.
                if (!wasThere || exception is OperationInterruptedException { ShutdownReason.ReplyCode: >= 400 and < 500 and not 320 })
                    throw new SkiptuneException($"{Safe(_options.Broker)}, queue {_options.Queue}: {exception.GetBaseException().Message.ReplaceLineEndings(" ")}", exception);
            }
            await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task ConsumeAsync(IConnection connection, LearnerQueue queue, CancellationToken cancellationToken)
    {
        using IChannel channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        await DeclareAsync(channel, cancellationToken).ConfigureAwait(false);
        await channel.BasicQosAsync(0, _options.Prefetch, global: false, cancellationToken).ConfigureAwait(false);
        // Put in line in the order of the queue; acknowledged one by one, as the disk has them, while others come.
        Channel<(ulong Tag, Task<SampleResult> Stored)> waiting = Channel.CreateUnbounded<(ulong, Task<SampleResult>)>();
        SampleParser parser = _makeParser();
        AsyncEventingBasicConsumer consumer = new(channel);
        consumer.ReceivedAsync += async (_, message) =>
        {
            try
            {
                waiting.Writer.TryWrite((message.DeliveryTag, await queue.EnqueueAsync(SampleOf(parser, message), cancellationToken).ConfigureAwait(false)));
            }
            catch (Exception exception)
            {
                waiting.Writer.TryComplete(exception);
            }
        };
        channel.ChannelShutdownAsync += (_, reason) =>
        {
            waiting.Writer.TryComplete(new OperationInterruptedException(reason));
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(_options.Queue, autoAck: false, consumer, cancellationToken).ConfigureAwait(false);
        Started?.Invoke();
        await foreach ((ulong tag, Task<SampleResult> stored) in waiting.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            await stored.ConfigureAwait(false);
            await channel.BasicAckAsync(tag, multiple: false, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task DeclareAsync(IChannel channel, CancellationToken cancellationToken)
    {
        await channel.QueueDeclareAsync(_options.Queue, durable: true, exclusive: false, autoDelete: false, cancellationToken: cancellationToken).ConfigureAwait(false);
        if (_options.Topic is { } topic)
            await channel.QueueBindAsync(_options.Queue, "amq.topic", topic, cancellationToken: cancellationToken).ConfigureAwait(false);
    }

    private StreamSample SampleOf(SampleParser parser, BasicDeliverEventArgs message)
    {
        ReadOnlySpan<byte> body = message.Body.Span.TrimEnd("\r\n"u8);
        StreamSample sample = body.Length > parser.LongestLine
            ? parser.TooLong(Source)
            : parser.Parse(body, Source) ?? new StreamSample { Problem = "an empty message", Source = Source };
        if (sample.Id is not null)
            return sample;
        if (message.BasicProperties.MessageId is { Length: > 0 and <= 200 } id)
            return sample with { Id = id };
        return sample with { Id = $"sha256:{Convert.ToHexStringLower(SHA256.HashData(body))}", IsFirstDelivery = !message.Redelivered };
    }

    // The address without what is secret in it.
    private static string Safe(Uri broker) => $"{broker.Scheme}://{broker.Host}:{broker.Port}{broker.AbsolutePath}";
}
