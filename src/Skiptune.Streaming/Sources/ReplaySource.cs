using Skiptune.Streaming.Loop;

namespace Skiptune.Streaming.Sources;

/// <summary>Recorded samples: the CSV and JSON-lines files of a folder, in the order of their names, at a set rate.</summary>
public sealed class ReplaySource : ISampleSource
{
    private static readonly string[] s_extensions = [".csv", ".jsonl", ".ndjson"];

    private readonly FileSource[] _files;

    /// <summary>Creates the source.</summary>
    /// <param name="folder">The folder, or one file.</param>
    /// <param name="makeParser">Makes the parser of a file's lines.</param>
    /// <param name="rate">Samples a second; null for as fast as they are taken.</param>
    /// <exception cref="SkiptuneException">There is no such folder, or no file in it.</exception>
    public ReplaySource(string folder, Func<SampleParser> makeParser, double? rate = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        Pace pace = new(rate);
        _files = [.. Files(folder).Select(path => new FileSource(path, makeParser, follow: false, pace))];
        if (_files.Length == 0)
            throw new SkiptuneException($"{folder}: holds no {string.Join(", ", s_extensions)} file to replay");
    }

    /// <inheritdoc/>
    public async Task RunAsync(LearnerQueue queue, CancellationToken cancellationToken)
    {
        foreach (FileSource file in _files)
            await file.RunAsync(queue, cancellationToken).ConfigureAwait(false);
    }

    private static IEnumerable<string> Files(string folder)
    {
        if (File.Exists(folder))
            return [folder];
        if (!Directory.Exists(folder))
            throw new SkiptuneException($"{folder}: there is no such folder");
        return Directory.EnumerateFiles(folder).Where(path => s_extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase)).Order(StringComparer.Ordinal);
    }
}
