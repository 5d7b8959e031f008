using System.Security.Cryptography;
using Skiptune.Files;

namespace Skiptune.Data;

/// <summary>Brings a file of known content from the network.</summary>
internal static class Download
{
    private const int BufferBytes = 64 * 1024;

    // A stalled connection must not hang the caller for ever.
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(60);

    private static readonly Lazy<HttpClient> s_client = new(() => new HttpClient());

    /// <summary>Opens an address with a GET request.</summary>
    public static async Task<Stream> GetAsync(string address, CancellationToken cancellationToken) =>
        await s_client.Value.GetStreamAsync(new Uri(address), cancellationToken).ConfigureAwait(false);

    /// <summary>Downloads name.gz into the cache if its content is what it must be.</summary>
    /// <exception cref="SkiptuneException">The network or the disk failed, or other bytes came.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task ToCacheAsync(FashionMnistFile file, FashionMnistOptions options, CancellationToken cancellationToken)
    {
        if (options.BaseAddress is not { IsAbsoluteUri: true })
            throw new SkiptuneException($"{options.BaseAddress}: is not a whole address; give one that starts with https://");
        string name = file.Name + ".gz";
        string address = options.BaseAddress.AbsoluteUri.TrimEnd('/') + "/" + name;
        using CancellationTokenSource pause = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            Directory.CreateDirectory(options.CacheDirectory);
            using PendingFile pending = new(Path.Combine(options.CacheDirectory, name));
            pause.CancelAfter(s_longestPause);
            Stream source = await options.Fetch(address, pause.Token).ConfigureAwait(false);
            await using (source.ConfigureAwait(false))
            {
                await CopyAsync(address, source, pending.Stream, file, pause).ConfigureAwait(false);
            }
            await pending.Stream.FlushAsync(cancellationToken).ConfigureAwait(false);
            Verify(address, pending.Stream, file);
            pending.Commit();
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SkiptuneException($"{address}: nothing came for {s_longestPause.TotalSeconds} seconds", exception);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new SkiptuneException($"{address}: {exception.Message}", exception);
        }
    }

    private static async Task CopyAsync(
        string address, Stream source, Stream destination, FashionMnistFile file, CancellationTokenSource pause)
    {
        byte[] buffer = new byte[BufferBytes];
        long total = 0;
        while (true)
        {
            pause.CancelAfter(s_longestPause);
            int read = await source.ReadAsync(buffer, pause.Token).ConfigureAwait(false);
            if (read == 0)
                return;
            total += read;
            // Compressed data are smaller than their content but for some bytes, so a longer stream is another file.
            if (total > file.InflatedBytes + BufferBytes)
                throw new SkiptuneException($"{address}: sends more than {file.Name}.gz can be; use another base address");
            await destination.WriteAsync(buffer.AsMemory(0, read), pause.Token).ConfigureAwait(false);
        }
    }

    private static void Verify(string address, FileStream stored, FashionMnistFile file)
    {
        if (!string.Equals(HashOf(stored, file.InflatedBytes), file.Sha256, StringComparison.Ordinal))
            throw new SkiptuneException($"{address}: its content is not Fashion-MNIST's (the SHA-256 differs), so it was discarded; use another base address");
    }

    /// <summary>The SHA-256 of the inflated bytes, or null if they are damaged or more than there may be.</summary>
    private static string? HashOf(FileStream stored, int expectedBytes)
    {
        try
        {
            using InflatedFile inflated = new(stored, leaveOpen: true);
            using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            byte[] buffer = new byte[BufferBytes];
            long total = 0;
            while (inflated.Content.Read(buffer) is var read and > 0)
            {
                total += read;
                if (total > expectedBytes)
                    return null;
                hash.AppendData(buffer, 0, read);
            }
            bool whole = inflated.GzipLength is null || inflated.GzipLength == total;
            return whole ? Convert.ToHexStringLower(hash.GetHashAndReset()) : null;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
