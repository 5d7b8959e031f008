using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Skiptune.Streaming.Network;

/// <summary>Answers to requests.</summary>
internal static class JsonReply
{
    /// <summary>Answers with an object.</summary>
    public static async Task WriteAsync(HttpContext context, Action<Utf8JsonWriter> members)
    {
        context.Response.ContentType = "application/json";
        using MemoryStream body = new();
        using (Utf8JsonWriter json = new(body))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }
        body.WriteByte((byte)'\n');
        await context.Response.Body.WriteAsync(body.GetBuffer().AsMemory(0, (int)body.Length), context.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>Answers with a status and one line.</summary>
    public static Task ErrorAsync(HttpContext context, HttpStatusCode status, string message)
    {
        if (context.Response.HasStarted)
            return Task.CompletedTask;
        context.Response.StatusCode = (int)status;
        return WriteAsync(context, json => json.WriteString("error", message));
    }
}
