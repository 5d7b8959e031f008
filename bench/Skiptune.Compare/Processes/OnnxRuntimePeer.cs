using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Skiptune.Compare.Processes;

/// <summary>ONNX Runtime in Node.js with a number of threads, with some models loaded.</summary>
internal sealed class OnnxRuntimePeer(PeerProcess process) : IDisposable
{
    public string Version => (string)process.Greeting["version"]!;

    /// <summary>The folder whose node_modules hold onnxruntime-node.</summary>
    public static string Packages { get; } = Path.Combine(Clone.Root, "tests", "onnxruntime");

    public static OnnxRuntimePeer Start(int threads, string inputs, IEnumerable<string> models)
    {
        if (!Directory.Exists(Path.Combine(Packages, "node_modules", "onnxruntime-node")))
            throw new SkiptuneException("onnxruntime-node is not installed; run: npm install --prefix tests/onnxruntime --ignore-scripts");
        return new OnnxRuntimePeer(PeerProcess.Start(new ProcessStartInfo("node", [Clone.Peer("onnxruntime_peer.mjs"), Packages, $"{threads}", inputs, .. models])));
    }

    /// <summary>The mean milliseconds of some forward passes, and the first values of the output.</summary>
    public (double Milliseconds, float[] First) Run(string model, int batch, string sampleShape, int repeats)
    {
        JsonObject answer = process.Ask($"run {model} {batch} {sampleShape} {repeats}");
        return ((double)answer["ms"]!, [.. answer["first"]!.AsArray().Select(value => (float)value!)]);
    }

    public void Dispose() => process.Dispose();
}
