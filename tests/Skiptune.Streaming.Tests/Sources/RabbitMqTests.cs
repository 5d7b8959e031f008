using System.Globalization;
using System.Text;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using Skiptune.Streaming.Loop;
using Skiptune.Streaming.Network;
using Skiptune.Streaming.Sources;
using Skiptune.Streaming.Tests.Loop;

namespace Skiptune.Streaming.Tests.Sources;

/// <summary>Against a broker on this machine (or SKIPTUNE_RABBITMQ); without one these tests skip.</summary>
public sealed class RabbitMqTests : IDisposable
{
    private static readonly Uri s_broker = new(Environment.GetEnvironmentVariable("SKIPTUNE_RABBITMQ") ?? "amqp://guest:guest@127.0.0.1:5672");
    private readonly TempFolder _folder = new();
    private readonly string _queue = $"skiptune-test-{Guid.NewGuid():n}";
    private readonly byte[][] _bodies = [.. SmallStream.Stream(40, 1, 5).Select(sample => Encoding.UTF8.GetBytes($"[{string.Join(',', sample.Features.ToArray().Select(value => value.ToString("R", CultureInfo.InvariantCulture)))}]"))];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task MessagesAreStoredOnceAndThenAcknowledged()
    {
        await using IConnection connection = await Connect();
        await using IChannel channel = await Channel(connection);
        for (int i = 0; i < 20; i++)
            await channel.BasicPublishAsync("", _queue, mandatory: true, new BasicProperties { MessageId = $"id{i % 10}" }, _bodies[i % 10]);
        await channel.BasicPublishAsync("", _queue, "not a sample"u8.ToArray());
        LearnerStatus status = await Watch(learner => learner.Accepted + learner.Duplicates + learner.Quarantined == 21);
        Assert.Equal((10, 10, 1), (status.Accepted, status.Duplicates, status.Quarantined));
        Assert.Equal(0u, await channel.MessageCountAsync(_queue));
    }

    [Fact]
    public async Task AMessageWithoutAnIdThatIsDeliveredAgainIsKnownByItsContent()
    {
        await using IConnection connection = await Connect();
        await using IChannel channel = await Channel(connection);
        // The same reading twice is two readings.
        foreach (byte[] body in (byte[][])[_bodies[0], _bodies[0], _bodies[1]])
            await channel.BasicPublishAsync("", _queue, body);
        Assert.Equal(3, (await Watch(learner => learner.Accepted == 3)).Accepted);

        // What was stored but not acknowledged: the broker has it again, and says so.
        await channel.BasicPublishAsync("", _queue, _bodies[1]);
        await channel.BasicPublishAsync("", _queue, _bodies[2]);
        await Returned(channel, 2);
        LearnerStatus status = await Watch(learner => learner.Accepted + learner.Duplicates == 5);
        Assert.Equal((4, 1), (status.Accepted, status.Duplicates));
    }

    [Fact]
    public async Task WhatIsNotStoredIsNotAcknowledged()
    {
        await using IConnection connection = await Connect();
        await using IChannel channel = await Channel(connection);
        for (int i = 0; i < 30; i++)
            await channel.BasicPublishAsync("", _queue, mandatory: true, new BasicProperties { MessageId = $"id{i}" }, _bodies[i]);
        string store = _folder.File("store.db");
        // The learner breaks in the middle: its store is taken away.
        OnDeviceLearner broken = OnDeviceLearner.Open(SmallStream.Model, store, new LearnerOptions { InBackground = false });
        int taken = 0;
        await using (LearnerQueue queue = new(broken) { Processed = (samples, _) => { if ((taken += samples.Count) >= 1) { broken.Dispose(); } } })
            await Assert.ThrowsAnyAsync<Exception>(() => new RabbitMqSource(new RabbitMqOptions { Broker = s_broker, Queue = _queue, Prefetch = 5 }, Parser).RunAsync(queue, default));
        Assert.InRange(taken, 1, 29);
        LearnerStatus status = await Watch(learner => learner.Accepted == 30);
        Assert.Equal(30, status.Accepted);
        Assert.Equal(0u, await channel.MessageCountAsync(_queue));
    }

    [Fact]
    public async Task ABrokerThatIsNotThereIsAnErrorOfOneLine()
    {
        using OnDeviceLearner learner = OnDeviceLearner.Open(SmallStream.Model, _folder.File("store.db"), new LearnerOptions { InBackground = false });
        await using LearnerQueue queue = new(learner);
        RabbitMqSource source = new(new RabbitMqOptions { Broker = new Uri("amqp://user:secret@127.0.0.1:1"), Queue = "q" }, Parser);
        string message = (await Assert.ThrowsAsync<SkiptuneException>(() => source.RunAsync(queue, default))).Message;
        Assert.StartsWith("amqp://127.0.0.1:1/, queue q: ", message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    private static SampleParser Parser() => new(SmallStream.Length);

    private static async Task<IConnection> Connect()
    {
        try
        {
            return await new ConnectionFactory { Uri = s_broker }.CreateConnectionAsync();
        }
        catch (BrokerUnreachableException)
        {
            Assert.Skip("there is no RabbitMQ broker on this machine; 'rabbitmq-server -detached' starts one");
            throw;
        }
    }

    private async Task<IChannel> Channel(IConnection connection)
    {
        IChannel channel = await connection.CreateChannelAsync();
        await channel.QueueDeclareAsync(_queue, durable: true, exclusive: false, autoDelete: false);
        return channel;
    }

    private async Task Returned(IChannel channel, int messages)
    {
        for (int i = 0; i < messages;)
            i += await channel.BasicGetAsync(_queue, autoAck: false) is null ? 0 : 1;
        await channel.CloseAsync();
    }

    private async Task<LearnerStatus> Watch(Func<LearnerStatus, bool> isDone)
    {
        using OnDeviceLearner learner = OnDeviceLearner.Open(SmallStream.Model, _folder.File("store.db"), new LearnerOptions { InBackground = false });
        await using LearnerQueue queue = new(learner);
        using CancellationTokenSource stop = new(TimeSpan.FromSeconds(30));
        Task run = new RabbitMqSource(new RabbitMqOptions { Broker = s_broker, Queue = _queue }, Parser).RunAsync(queue, stop.Token);
        while (!isDone(learner.Status) && !stop.IsCancellationRequested && !run.IsCompleted)
            await Task.Delay(20);
        // Acknowledgements follow the disk.
        await Task.Delay(200);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        return learner.Status;
    }
}
