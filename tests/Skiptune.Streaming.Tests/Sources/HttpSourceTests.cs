using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Skiptune.Streaming.Loop;
using Skiptune.Streaming.Network;
using Skiptune.Streaming.Sources;
using Skiptune.Streaming.Tests.Loop;

namespace Skiptune.Streaming.Tests.Sources;

public sealed class HttpSourceTests : IDisposable
{
    private const string Token = "a token of enough characters";
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public Task SamplesAreAnsweredWhenTheyAreStored() => Serve(null, async client =>
    {
        string[] lines = [.. SmallStream.Stream(3, 1, 5).Select((sample, i) => $$"""{"x": [{{string.Join(',', sample.Features.ToArray())}}], "id": "h{{i}}"}""")];
        List<JsonElement> one = await Post(client, lines[0], "application/json");
        Assert.Equal("accepted", one.Single().GetProperty("kind").GetString());
        Assert.InRange(one[0].GetProperty("class").GetInt32(), 0, 2);
        List<JsonElement> many = await Post(client, $"[{lines[0]}, {lines[1]}, [1, 2]]", "application/json");
        Assert.Equal(["duplicate", "accepted", "quarantined"], many.Select(line => line.GetProperty("kind").GetString()));
        Assert.Equal("wrong_dimension", many[2].GetProperty("reason").GetString());
        List<JsonElement> stream = await Post(client, $"{lines[2]}\n\nnonsense\n" + """{"id": "h2", "label": 1}""", "application/x-ndjson");
        Assert.Equal(["accepted", "quarantined", "labelled"], stream.Select(line => line.GetProperty("kind").GetString()));

        using JsonDocument state = JsonDocument.Parse(await client.GetStringAsync("/state"));
        Assert.Equal(("monitoring", 3), (state.RootElement.GetProperty("phase").GetString(), state.RootElement.GetProperty("accepted").GetInt32()));
        string metrics = await client.GetStringAsync("/metrics");
        Assert.Contains("\nskiptune_samples_total{outcome=\"accepted\"} 3\n", metrics, StringComparison.Ordinal);
        Assert.Contains("\nskiptune_phase{phase=\"monitoring\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("\nskiptune_delay_seconds_bucket{le=\"+Inf\"} 7\n", metrics, StringComparison.Ordinal);
        Assert.All(metrics.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.Matches("^(# (HELP|TYPE) .*|[a-z_]+({[a-z]+=\"[^\"]*\"})? [0-9.e+-]+)$", line));
    });

    [Fact]
    public Task AdaptingAndRollingBackCanBeAskedFor() => Serve(null, async client =>
    {
        Assert.Equal(HttpStatusCode.Conflict, (await client.PostAsync("/rollback", null)).StatusCode);
        Assert.Contains("collecting", await (await client.PostAsync("/adapt", null)).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        HttpResponseMessage again = await client.PostAsync("/adapt", null);
        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
        Assert.Contains("adapting already", await again.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    });

    [Fact]
    public Task RequestsAreBounded() => Serve(null, async client =>
    {
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await client.PostAsync("/samples", new ByteArrayContent(new byte[20_000]))).StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await client.PostAsync("/samples", new StringContent(string.Concat(Enumerable.Repeat("1,2\n", 60))))).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.PostAsync("/samples", new StringContent("{", Encoding.UTF8, "application/json"))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/etc/passwd")).StatusCode);
    });

    [Fact]
    public Task WithATokenNobodyElseIsServed() => Serve(Token, async client =>
    {
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/state")).StatusCode);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token + "x");
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.PostAsync("/samples", null)).StatusCode);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/state")).StatusCode);
    });

    [Fact]
    public void AnAddressThatOthersReachNeedsAToken()
    {
        HttpSourceOptions options = new() { Address = new IPEndPoint(IPAddress.Any, 0) };
        Assert.Contains("token", Assert.Throws<SkiptuneException>(() => new HttpSource(options, Parser)).Message, StringComparison.Ordinal);
        Assert.Contains("16 characters", Assert.Throws<SkiptuneException>(() => new HttpSource(options with { Token = "short" }, Parser)).Message, StringComparison.Ordinal);
    }

    private static SampleParser Parser() => new(SmallStream.Length);

    private static async Task<List<JsonElement>> Post(HttpClient client, string body, string type)
    {
        HttpResponseMessage response = await client.PostAsync("/samples", new StringContent(body, Encoding.UTF8, type));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return [.. (await response.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
    }

    private async Task Serve(string? token, Func<HttpClient, Task> test)
    {
        using OnDeviceLearner learner = OnDeviceLearner.Open(SmallStream.Model, _folder.File("store.db"), new LearnerOptions { InBackground = false });
        await using LearnerQueue queue = new(learner);
        TaskCompletionSource<string> address = new();
        await using HttpSource source = new(new HttpSourceOptions { Address = new IPEndPoint(IPAddress.Loopback, 0), Token = token, MostBytes = 10_000, MostSamples = 50 }, Parser) { Started = address.SetResult };
        using CancellationTokenSource stop = new();
        Task run = source.RunAsync(queue, stop.Token);
        using HttpClient client = new() { BaseAddress = new Uri(await address.Task) };
        await test(client);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
    }
}
