using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;

namespace Skiptune.Compare.Processes;

/// <summary>
/// A peer that stays alive between its turns, so that its start is not counted: a line to it, a line of JSON back with
/// the time it measured itself. The first line it says by itself, once it is ready.
/// </summary>
internal sealed class PeerProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly Process _process;
    private readonly StringBuilder _errors = new();

    private PeerProcess(Process process)
    {
        _process = process;
        process.ErrorDataReceived += (_, line) =>
        {
            lock (_errors)
                _errors.AppendLine(line.Data);
        };
        process.BeginErrorReadLine();
    }

    /// <summary>What the peer said when it was ready.</summary>
    public JsonObject Greeting { get; private set; } = [];

    /// <summary>Starts a peer and waits until it is ready.</summary>
    /// <exception cref="SkiptuneException">It is absent or fails.</exception>
    public static PeerProcess Start(ProcessStartInfo start)
    {
        start.UseShellExecute = false;
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        PeerProcess peer;
        try
        {
            peer = new PeerProcess(Process.Start(start)!);
        }
        catch (Win32Exception exception)
        {
            throw new SkiptuneException($"{start.FileName} cannot be started: {exception.Message}", exception);
        }
        try
        {
            peer.Greeting = peer.Read();
            return peer;
        }
        catch
        {
            peer.Dispose();
            throw;
        }
    }

    /// <summary>Says a line and returns the answer.</summary>
    /// <exception cref="SkiptuneException">The peer answers with an error, or not at all.</exception>
    public JsonObject Ask(string line)
    {
        try
        {
            _process.StandardInput.WriteLine(line);
            _process.StandardInput.Flush();
        }
        catch (IOException exception)
        {
            throw Ended(exception);
        }
        return Read();
    }

    public void Dispose()
    {
        try
        {
            _process.StandardInput.Close();
            if (!_process.WaitForExit(2000))
                _process.Kill(entireProcessTree: true);
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException)
        {
            // It has ended already.
        }
        _process.Dispose();
    }

    private JsonObject Read()
    {
        Task<string?> line = _process.StandardOutput.ReadLineAsync();
        if (!line.Wait(Patience))
            throw new SkiptuneException($"no answer within {Patience.TotalMinutes} minutes");
        if (line.Result is null)
            throw Ended(null);
        try
        {
            JsonObject answer = JsonNode.Parse(line.Result)!.AsObject();
            return answer["error"] is { } error ? throw new SkiptuneException((string)error!) : answer;
        }
        catch (System.Text.Json.JsonException exception)
        {
            throw new SkiptuneException($"not an answer: {line.Result}", exception);
        }
    }

    private SkiptuneException Ended(Exception? inner)
    {
        _process.WaitForExit(1000);
        lock (_errors)
            return new SkiptuneException(Tool.LastLine(_errors.ToString()), inner!);
    }
}
