using System.Text.Json;
using Skiptune.Files;

namespace Skiptune.Cli.Output;

/// <summary>Where --json writes to: nowhere, a file, or standard output.</summary>
internal sealed class JsonTarget
{
    private const string StandardOutput = "-";

    private static readonly JsonWriterOptions Layout = new() { Indented = true, NewLine = "\n" };

    private readonly string? _path;

    /// <summary>Takes the option's value; a file in a folder that does not exist is refused before the work, not after it.</summary>
    /// <exception cref="SkiptuneException">The file cannot be written.</exception>
    public JsonTarget(string? path)
    {
        _path = path;
        if (path is not null && path != StandardOutput)
            OutputPath.CheckFile(path);
    }

    /// <summary>For people: silent where standard output belongs to the JSON.</summary>
    public TextWriter Text => _path == StandardOutput ? TextWriter.Null : Console.Out;

    /// <summary>Writes an object, if there is somewhere to write to.</summary>
    /// <param name="content">Writes the members.</param>
    public void Write(Action<Utf8JsonWriter> content)
    {
        if (_path is null)
            return;
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream, Layout))
        {
            json.WriteStartObject();
            content(json);
            json.WriteEndObject();
        }
        stream.WriteByte((byte)'\n');
        if (_path == StandardOutput)
        {
            using Stream output = Console.OpenStandardOutput();
            output.Write(stream.GetBuffer(), 0, (int)stream.Length);
        }
        else
        {
            AtomicFile.Write(_path, stream.GetBuffer().AsSpan(0, (int)stream.Length));
        }
    }
}
