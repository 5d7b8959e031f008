using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Skiptune.Streaming.Loop;
using Skiptune.Streaming.Sources;

namespace Skiptune.Streaming.Network;

/// <summary>
/// Samples over HTTP: <c>POST /samples</c> answers when they are on the disk; <c>GET /state</c>, <c>GET /metrics</c>
/// (Prometheus), <c>POST /adapt</c> and <c>POST /rollback</c> beside it.
/// </summary>
public sealed class HttpSource : ISampleSource, IAsyncDisposable
{
    private readonly HttpSourceOptions _options;
    private readonly WebApplication _application;
    private LearnerQueue? _queue;
    private OnDeviceLearner? _learner;

    /// <summary>Prepares the server.</summary>
    /// <param name="options">Where and for whom.</param>
    /// <param name="makeParser">Makes the parser of a request's lines.</param>
    /// <exception cref="SkiptuneException">An option is out of range, or the address needs a token.</exception>
    public HttpSource(HttpSourceOptions options, Func<SampleParser> makeParser)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        _options = options;
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        // Signals belong to the program.
        builder.Services.AddSingleton<Microsoft.Extensions.Hosting.IHostLifetime, NoLifetime>();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.MostBytes;
            kestrel.Limits.MaxConcurrentConnections = options.MostConnections;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            kestrel.Listen(options.Address);
        });
        _application = builder.Build();
        _application.Use(GuardAsync);
        SampleEndpoint samples = new(options, makeParser);
        _application.MapPost("/samples", context => samples.TakeAsync(context, _queue!));
        _application.MapGet("/state", context => JsonReply.WriteAsync(context, json => ResultJson.Write(json, _learner!.Status)));
        _application.MapGet("/metrics", context => context.WriteMetricsAsync(_learner!.Status, _queue!.Delays));
        _application.MapPost("/adapt", context => ControlAsync(context, learner => learner.Adapt("asked for over HTTP")));
        _application.MapPost("/rollback", context => ControlAsync(context, learner => learner.Rollback(VersionOf(context), "asked for over HTTP")));
    }

    /// <summary>The address it listens on, once <see cref="RunAsync"/> has started; null before.</summary>
    public string? Address { get; private set; }

    /// <summary>Told of the address when it listens.</summary>
    public Action<string>? Started { get; set; }

    /// <inheritdoc/>
    public async Task RunAsync(LearnerQueue queue, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(queue);
        _queue = queue;
        await queue.InvokeAsync(learner => _learner = learner, cancellationToken).ConfigureAwait(false);
        try
        {
            await _application.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (IOException exception)
        {
            throw new SkiptuneException($"cannot listen on {_options.Address}: {exception.Message}", exception);
        }
        Address = _application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        Started?.Invoke(Address);
        try
        {
            await Task.WhenAny(queue.Ended, Task.Delay(Timeout.Infinite, cancellationToken)).ConfigureAwait(false);
        }
        finally
        {
            await _application.StopAsync(CancellationToken.None).ConfigureAwait(false);
        }
        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private async Task GuardAsync(HttpContext context, RequestDelegate next)
    {
        if (!IsAllowed(context.Request))
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            await JsonReply.ErrorAsync(context, HttpStatusCode.Unauthorized, "the token is missing or wrong").ConfigureAwait(false);
            return;
        }
        try
        {
            await next(context).ConfigureAwait(false);
        }
        catch (BadHttpRequestException exception)
        {
            await JsonReply.ErrorAsync(context, (HttpStatusCode)exception.StatusCode, exception.StatusCode == StatusCodes.Status413PayloadTooLarge ? $"a request may have {_options.MostBytes} bytes" : "the request cannot be read").ConfigureAwait(false);
        }
        catch (SkiptuneException exception)
        {
            await JsonReply.ErrorAsync(context, HttpStatusCode.ServiceUnavailable, exception.Message).ConfigureAwait(false);
        }
        catch (ObjectDisposedException)
        {
            await JsonReply.ErrorAsync(context, HttpStatusCode.ServiceUnavailable, "the watch is ending").ConfigureAwait(false);
        }
    }

    // Compared by hash, so that the time taken tells nothing of the token.
    private bool IsAllowed(HttpRequest request) => _options.Token is not { } token
        || (request.Headers.Authorization.ToString() is var given && given.StartsWith("Bearer ", StringComparison.Ordinal)
            && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given["Bearer ".Length..])), SHA256.HashData(Encoding.UTF8.GetBytes(token))));

    private async Task ControlAsync(HttpContext context, Action<OnDeviceLearner> work)
    {
        try
        {
            await _queue!.InvokeAsync(work, context.RequestAborted).ConfigureAwait(false);
        }
        catch (SkiptuneException exception)
        {
            await JsonReply.ErrorAsync(context, HttpStatusCode.Conflict, exception.Message).ConfigureAwait(false);
            return;
        }
        await JsonReply.WriteAsync(context, json => ResultJson.Write(json, _learner!.Status)).ConfigureAwait(false);
    }

    private static long? VersionOf(HttpContext context) => context.Request.Query["version"].ToString() switch
    {
        "" => null,
        { } text when long.TryParse(text, out long version) => version,
        { } text => throw new SkiptuneException($"'{text}' is no version"),
    };

    private sealed class NoLifetime : Microsoft.Extensions.Hosting.IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
