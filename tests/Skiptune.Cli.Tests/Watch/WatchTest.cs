using System.Globalization;
using System.Text.Json;
using Skiptune.Streaming.Loop;
using Skiptune.Streaming.Tests.Loop;

namespace Skiptune.Cli.Tests.Watch;

/// <summary>A test over the small network and its stream, as files.</summary>
public abstract class WatchTest : CliTest
{
    protected const string Loop = "watch --model small.onnx --store store.db --detector page-hinkley=error --cool-down 80";

    protected WatchTest() => SmallStream.Model.SaveOnnx(In("small.onnx"));

    /// <summary>The stream as lines of JSON.</summary>
    internal static IEnumerable<string> Lines(IEnumerable<StreamSample> samples) => samples.Select(sample =>
        $"{{\"x\": [{string.Join(",", sample.Features.ToArray().Select(value => value.ToString("R", CultureInfo.InvariantCulture)))}], \"label\": {sample.Label}, \"id\": \"{sample.Id}\"}}");

    /// <summary>The objects of a watch's output.</summary>
    internal static List<JsonElement> Objects(string output) =>
        [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement.Clone())];

    internal static List<JsonElement> OfKind(string output, string kind) => [.. Objects(output).Where(line => line.GetProperty("kind").GetString() == kind)];

    internal static string[] Events(string output) => [.. OfKind(output, "event").Select(line => line.GetProperty("event").GetString()!)];
}
