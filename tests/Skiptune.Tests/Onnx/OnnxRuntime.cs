using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Skiptune.Numerics;

namespace Skiptune.Tests.Onnx;

/// <summary>
/// ONNX Runtime, in Node.js: tests/onnxruntime, where `npm install --ignore-scripts` fetches it. Tests that need it skip
/// without it, and say so.
/// </summary>
internal static class OnnxRuntime
{
    private static string Folder([CallerFilePath] string path = "") =>
        Path.Combine(Path.GetDirectoryName(path)!, "..", "..", "onnxruntime");

    public static void SkipUnlessPresent() => Assert.SkipUnless(
        Directory.Exists(Path.Combine(Folder(), "node_modules", "onnxruntime-node")), "ONNX Runtime is not installed in tests/onnxruntime");

    /// <summary>The values of a model's first output for one input.</summary>
    public static float[] Run(string model, Tensor input)
    {
        string folder = Directory.CreateTempSubdirectory("skiptune").FullName;
        try
        {
            string inputPath = Path.Combine(folder, "input");
            string outputPath = Path.Combine(folder, "output");
            File.WriteAllBytes(inputPath, MemoryMarshal.AsBytes(input.Span).ToArray());
            ProcessStartInfo start = new("node", [Path.Combine(Folder(), "run.mjs"), model, inputPath, input.Shape.ToString(), outputPath])
            {
                UseShellExecute = false,
                RedirectStandardError = true,
            };
            using Process process = Process.Start(start)!;
            string errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, $"ONNX Runtime refused {model}: {errors}");
            return MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(outputPath)).ToArray();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Fails unless the values agree within 1e-4 of the largest.</summary>
    public static void AssertClose(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        float scale = 0;
        foreach (float value in expected)
            scale = MathF.Max(scale, MathF.Abs(value));
        for (int i = 0; i < expected.Length; i++)
            Assert.True(MathF.Abs(expected[i] - actual[i]) <= 1e-4f * scale, $"value {i}: {actual[i]} is not {expected[i]} (largest {scale})");
    }
}
