using Skiptune.Streaming.Store;

namespace Skiptune.Streaming.Loop;

/// <summary>Detectors and the anomaly detector as one snapshot, each part under its name and with its length.</summary>
internal static class StreamStates
{
    private const string AnomalyName = "anomaly";

    /// <summary>The parts of a snapshot, in order.</summary>
    private static IEnumerable<(string Name, IStreamState State)> Parts(LearnerOptions options) =>
        options.Monitors.Select(monitor => ("monitor:" + monitor.Name, (IStreamState)monitor.Detector))
            .Concat(options.Anomaly is { } anomaly ? [(AnomalyName, anomaly)] : []);

    public static byte[] Write(LearnerOptions options)
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        (string, IStreamState)[] parts = [.. Parts(options)];
        writer.Write(parts.Length);
        foreach ((string name, IStreamState state) in parts)
        {
            byte[] bytes = BytesOf(state);
            writer.Write(name);
            writer.Write(bytes.Length);
            writer.Write(bytes);
        }
        return stream.ToArray();
    }

    /// <summary>Takes on a snapshot.</summary>
    /// <returns>The parts that have no state there, or one that they refuse: they are as new.</returns>
    public static List<string> Read(LearnerOptions options, byte[] snapshot)
    {
        Dictionary<string, byte[]> stored = new(StringComparer.Ordinal);
        using BinaryReader reader = new(new MemoryStream(snapshot));
        for (int left = reader.ReadInt32(); left > 0; left--)
        {
            string name = reader.ReadString();
            stored[name] = reader.ReadBytes(reader.ReadInt32());
        }
        List<string> refused = [];
        foreach ((string name, IStreamState state) in Parts(options))
        {
            if (!stored.TryGetValue(name, out byte[]? bytes) || !TryRead(state, bytes))
                refused.Add(name);
        }
        return refused;
    }

    public static byte[] BytesOf(IStreamState state)
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        state.WriteState(writer);
        return stream.ToArray();
    }

    public static bool TryRead(IStreamState state, byte[] bytes)
    {
        try
        {
            using BinaryReader reader = new(new MemoryStream(bytes));
            state.ReadState(reader);
            return true;
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException)
        {
            return false;
        }
    }
}
