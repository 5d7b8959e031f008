using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Skiptune.Cli.Output;

/// <summary>What a measurement ran on.</summary>
internal static class EnvironmentJson
{
    public static string Version { get; } =
        typeof(EnvironmentJson).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    public static void Write(Utf8JsonWriter json, int threads, string kernels)
    {
        json.WriteStartObject("environment");
        json.WriteString("version", Version);
        json.WriteString("runtime", RuntimeInformation.FrameworkDescription);
        json.WriteString("os", RuntimeInformation.OSDescription);
        json.WriteString("architecture", RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant());
        json.WriteNumber("processor_count", Environment.ProcessorCount);
        json.WriteNumber("threads", threads);
        json.WriteString("kernels", kernels);
        json.WriteEndObject();
    }
}
