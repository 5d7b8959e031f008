using System.Reflection;
using System.Text.RegularExpressions;
using Skiptune.Data;

namespace Skiptune.Cli.Tests;

/// <summary>
/// Every command in docs/ runs as it stands, in the order of docs/README.md, in a folder with the model and the data of
/// assets/ as model.onnx and data, two kinds of tones as sounds, and some of the data as sensor.jsonl.
/// </summary>
public sealed partial class DocumentationTests : IDisposable
{
    private static readonly string s_root = typeof(DocumentationTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "RepositoryRoot").Value!;

    private readonly string _folder = Directory.CreateTempSubdirectory("skiptune-docs-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Every_command_in_docs_runs()
    {
        string docs = Path.Combine(s_root, "docs");
        File.Copy(Path.Combine(s_root, "assets", "base-lenet.onnx"), Path.Combine(_folder, "model.onnx"));
        Directory.CreateDirectory(Path.Combine(_folder, "data"));
        foreach (string file in Directory.EnumerateFiles(Path.Combine(s_root, "assets", "fashion-mnist-sample")))
            File.Copy(file, Path.Combine(_folder, "data", Path.GetFileName(file)));

        foreach (int pitch in new[] { 200, 900 })
        {
            string tones = Directory.CreateDirectory(Path.Combine(_folder, "sounds", $"{pitch}")).FullName;
            for (int i = 0; i < 3; i++)
                File.WriteAllBytes(Path.Combine(tones, $"{i}.wav"), Tone(pitch + i));
        }

        WriteStream(Path.Combine(_folder, "sensor.jsonl"));

        string[] order = ["inspect.md", "data.md", "finetune.md", "evaluate.md", "checkpoints.md", "ship.md"];
        int commands = 0;
        foreach (string page in order.Concat(Directory.EnumerateFiles(docs, "*.md").Select(path => Path.GetFileName(path)).Except(order)))
        {
            foreach (string command in Commands(File.ReadAllText(Path.Combine(docs, page))))
            {
                ProcessRun run = ProcessRun.Of("dotnet", _folder, [Path.Combine(AppContext.BaseDirectory, "Skiptune.Cli.dll"), .. Words(command)]);
                Assert.True(run.Code == 0, $"{page}: {command}: {run.Error}");
                commands++;
            }
        }
        Assert.True(commands >= 10);
        Assert.True(File.Exists(Path.Combine(_folder, "tuned.onnx")));
        Assert.Equal(File.ReadAllBytes(Path.Combine(_folder, "y.npy")).Length, File.ReadAllBytes(Path.Combine(_folder, "y-apart.npy")).Length);
    }

    /// <summary>The first images of the data as a sensor would send them: one JSON object a line.</summary>
    private void WriteStream(string path)
    {
        using DataSplits data = DataSource.Open(Path.Combine(_folder, "data"));
        DataSet images = data.Train.Take(200);
        float[] values = new float[images.SampleShape.Count];
        File.WriteAllLines(path, Enumerable.Range(0, images.Count).Select(i =>
        {
            images.Read([i], values);
            return $"{{\"x\": [{string.Join(',', values)}], \"label\": {images.Labels[i]}, \"id\": \"{i}\"}}";
        }));
    }

    /// <summary>A WAV file of 50 ms, 8 bits at 8 kHz.</summary>
    private static byte[] Tone(int pitch)
    {
        const int Rate = 8000;
        byte[] values = [.. Enumerable.Range(0, Rate / 20).Select(i => (byte)(128 + 100 * Math.Sin(2 * Math.PI * pitch * i / Rate)))];
        return
        [
            .. "RIFF"u8, .. BitConverter.GetBytes(36 + values.Length), .. "WAVEfmt "u8, .. BitConverter.GetBytes(16), 1, 0, 1, 0,
            .. BitConverter.GetBytes(Rate), .. BitConverter.GetBytes(Rate), 1, 0, 8, 0, .. "data"u8, .. BitConverter.GetBytes(values.Length), .. values,
        ];
    }

    private static IEnumerable<string> Commands(string page) => Blocks().Matches(page)
        .SelectMany(block => block.Groups["text"].Value.Split('\n', StringSplitOptions.TrimEntries))
        .Where(line => line.StartsWith("skiptune ", StringComparison.Ordinal))
        .Select(line => line["skiptune ".Length..]);

    private static IEnumerable<string> Words(string command) => Quoted().Matches(command).Select(word => word.Value.Trim('"'));

    [GeneratedRegex(@"^ *```sh\n(?<text>.*?)```", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Blocks();

    [GeneratedRegex("\"[^\"]*\"|[^ ]+", RegexOptions.None, 1000)]
    private static partial Regex Quoted();
}
