using System.Collections.Immutable;
using System.Net;

namespace Skiptune.Streaming.Network;

/// <summary>Where and for whom samples are taken over HTTP.</summary>
public sealed record HttpSourceOptions
{
    /// <summary>The address; default 127.0.0.1, port 8077. Port 0 takes a free one. Another address than a loopback one needs a token.</summary>
    public IPEndPoint Address { get; init; } = new(IPAddress.Loopback, 8077);

    /// <summary>What callers must send as <c>Authorization: Bearer TOKEN</c>, at least 16 characters; default null: nothing.</summary>
    public string? Token { get; init; }

    /// <summary>The most bytes of a request's body, at least 1; default 8 MiB.</summary>
    public long MostBytes { get; init; } = 8 << 20;

    /// <summary>The most samples of a request, at least 1; default 10,000.</summary>
    public int MostSamples { get; init; } = 10_000;

    /// <summary>The most connections at once, at least 1; default 64.</summary>
    public int MostConnections { get; init; } = 64;

    /// <summary>Names of the classes for the answers; default empty: numbers only.</summary>
    public ImmutableArray<string> ClassNames { get; init; } = [];

    /// <summary>Throws unless all options are in range.</summary>
    /// <exception cref="SkiptuneException">An option is out of range, or the address needs a token.</exception>
    public void Check()
    {
        if (Token is { Length: < 16 })
            throw new SkiptuneException("the token has fewer than 16 characters; take a longer one, such as from 'openssl rand -hex 16'");
        if (Token is null && !IPAddress.IsLoopback(Address.Address))
            throw new SkiptuneException($"{Address.Address} can be reached from outside, so callers must show a token; set SKIPTUNE_TOKEN, or listen on 127.0.0.1");
        if (MostBytes < 1 || MostSamples < 1 || MostConnections < 1)
            throw new SkiptuneException("the limits of requests must be 1 or more");
    }
}
