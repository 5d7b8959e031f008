using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Skiptune.Streaming.Loop;
using Skiptune.Streaming.Sources;

namespace Skiptune.Streaming.Network;

/// <summary>
/// <c>POST /samples</c>. <c>application/json</c>: one sample, or an array of them; anything else: a line each, JSON or CSV. The
/// answer has a line of JSON for each sample, in order, and comes when all are on the disk.
/// </summary>
internal sealed class SampleEndpoint(HttpSourceOptions options, Func<SampleParser> makeParser)
{
    private const string Source = "http";

    public async Task TakeAsync(HttpContext context, LearnerQueue queue)
    {
        byte[] body = await ReadAsync(context).ConfigureAwait(false);
        List<StreamSample>? samples = IsJson(context.Request) ? FromJson(body) : FromLines(body);
        if (samples is null)
        {
            await JsonReply.ErrorAsync(context, HttpStatusCode.BadRequest, "the body is no JSON; send a sample, an array of samples, or lines as application/x-ndjson").ConfigureAwait(false);
            return;
        }
        if (samples.Count > options.MostSamples)
        {
            await JsonReply.ErrorAsync(context, HttpStatusCode.RequestEntityTooLarge, $"a request may have {options.MostSamples} samples").ConfigureAwait(false);
            return;
        }
        List<Task<SampleResult>> waiting = [];
        foreach (StreamSample sample in samples)
            waiting.Add(await queue.EnqueueAsync(sample, context.RequestAborted).ConfigureAwait(false));
        SampleResult[] results = await Task.WhenAll(waiting).ConfigureAwait(false);

        context.Response.ContentType = "application/x-ndjson";
        using MemoryStream reply = new();
        for (int i = 0; i < results.Length; i++)
        {
            using (Utf8JsonWriter json = new(reply))
            {
                json.WriteStartObject();
                ResultJson.Write(json, samples[i], results[i], options.ClassNames);
                json.WriteEndObject();
            }
            reply.WriteByte((byte)'\n');
        }
        await context.Response.Body.WriteAsync(reply.GetBuffer().AsMemory(0, (int)reply.Length), context.RequestAborted).ConfigureAwait(false);
    }

    private static bool IsJson(HttpRequest request) => request.ContentType?.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) == true;

    // The server ends a body that is longer than it may be with an exception.
    private static async Task<byte[]> ReadAsync(HttpContext context)
    {
        using MemoryStream body = new();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted).ConfigureAwait(false);
        return body.ToArray();
    }

    private List<StreamSample>? FromJson(byte[] body)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 6 });
            JsonElement root = document.RootElement;
            bool isMany = root.ValueKind == JsonValueKind.Array && root.GetArrayLength() > 0 && root[0].ValueKind is JsonValueKind.Object or JsonValueKind.Array;
            SampleParser parser = makeParser();
            return [.. (isMany ? root.EnumerateArray() : Enumerable.Repeat(root, 1)).Select(element => parser.Parse(JsonSerializer.SerializeToUtf8Bytes(element), Source)).OfType<StreamSample>()];
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private List<StreamSample> FromLines(byte[] body)
    {
        SampleParser parser = makeParser();
        List<StreamSample> samples = [];
        bool isFirst = true;
        ReadOnlySpan<byte> rest = body;
        while (!rest.IsEmpty && samples.Count <= options.MostSamples)
        {
            int end = rest.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            bool isHeader = isFirst && parser.TakeHeader(line);
            isFirst = false;
            if (!isHeader && parser.Parse(line, Source) is { } sample)
                samples.Add(sample);
        }
        return samples;
    }
}
