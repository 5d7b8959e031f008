using System.Runtime.InteropServices;

namespace Skiptune.Hardware.Simulation;

/// <summary>A verilated module: inputs by name, clock cycles, outputs by name.</summary>
internal sealed unsafe class RtlModule : IDisposable
{
    private readonly nint _library;
    private readonly void* _bench;
    private readonly uint* _inputs;
    private readonly uint* _outputs;
    private readonly delegate* unmanaged<void*, uint, void> _step;
    private readonly delegate* unmanaged<void*, void> _settle;
    private readonly delegate* unmanaged<void*, int> _failed;
    private readonly Dictionary<string, RtlPort> _ports;
    private bool _disposed;

    /// <summary>Makes the module of a design of one usable, built if need be.</summary>
    public RtlModule(RtlDesign design, CancellationToken cancellationToken = default)
        : this(design, RtlDesign.Single, cancellationToken)
    {
    }

    /// <summary>Makes one part of a design usable, all of it built if need be.</summary>
    public RtlModule(RtlDesign design, string part, CancellationToken cancellationToken = default)
    {
        Name = design.Parts.Single(member => member.Name == part).Module;
        (string library, RtlPorts ports) = RtlBuild.Get(design, cancellationToken);
        _ports = ports.All.Where(port => port.Part == part).ToDictionary(port => port.Name, StringComparer.Ordinal);
        _library = NativeLibrary.Load(library);
        _bench = ((delegate* unmanaged<void*>)Export("bench_create"))();
        _inputs = ((delegate* unmanaged<void*, uint*>)Export("bench_inputs"))(_bench);
        _outputs = ((delegate* unmanaged<void*, uint*>)Export("bench_outputs"))(_bench);
        _step = (delegate* unmanaged<void*, uint, void>)Export("bench_step");
        _settle = (delegate* unmanaged<void*, void>)Export("bench_settle");
        _failed = (delegate* unmanaged<void*, int>)Export("bench_failed");
        Inputs = new PortBits(_inputs);
        Outputs = new PortBits(_outputs);
        if (Has(RtlPorts.Clock))
            this[RtlPorts.Clock] = 1;
    }

    /// <summary>The module.</summary>
    public string Name { get; }

    public PortBits Inputs { get; }

    public PortBits Outputs { get; }

    public long Cycle { get; private set; }

    /// <summary>A port by name.</summary>
    public RtlPort Port(string name) => _ports.TryGetValue(name, out RtlPort? port)
        ? port
        : throw new ArgumentException($"{Name} has no port {name}; it has {string.Join(", ", _ports.Keys)}", nameof(name));

    /// <summary>Whether there is a port of this name.</summary>
    public bool Has(string name) => _ports.ContainsKey(name);

    /// <summary>An input of up to 64 bits, or an output.</summary>
    public long this[string name]
    {
        get => Port(name) is { IsInput: false } port ? Outputs.Read(port.Offset, port.Width) : throw new ArgumentException($"{name} is an input", nameof(name));
        set
        {
            RtlPort port = Port(name);
            Inputs.Write(port.Offset, port.Width, value);
        }
    }

    /// <summary>An output as a two's complement number.</summary>
    public long Signed(string name)
    {
        RtlPort port = Port(name);
        return Outputs.ReadSigned(port.Offset, port.Width);
    }

    /// <summary>Sets a port that holds several values side by side, the first lowest.</summary>
    public void Set(string name, IReadOnlyList<int> values) => Set(name, [.. values.Select(value => (long)value)]);

    /// <summary>Sets a port that holds several values side by side, the first lowest.</summary>
    public void Set(string name, IReadOnlyList<long> values)
    {
        RtlPort port = Port(name);
        int width = port.Width / values.Count;
        for (int i = 0; i < values.Count; i++)
            Inputs.Write(port.Offset + i * width, width, values[i]);
    }

    /// <summary>Reads a port that holds several signed values side by side.</summary>
    public int[] GetSigned(string name, int count)
    {
        RtlPort port = Port(name);
        int width = port.Width / count;
        return [.. Enumerable.Range(0, count).Select(i => (int)Outputs.ReadSigned(port.Offset + i * width, width))];
    }

    /// <summary>Reads a port that holds several values without sign side by side.</summary>
    public int[] Get(string name, int count)
    {
        RtlPort port = Port(name);
        int width = port.Width / count;
        return [.. Enumerable.Range(0, count).Select(i => (int)Outputs.Read(port.Offset + i * width, width))];
    }

    /// <summary>Clock cycles with the inputs as they are.</summary>
    /// <exception cref="SkiptuneException">An assertion of the RTL failed.</exception>
    public void Step(int cycles = 1)
    {
        _step(_bench, (uint)cycles);
        Cycle += cycles;
        if (_failed(_bench) != 0)
            throw new SkiptuneException($"an assertion in {Name} failed at cycle {Cycle}");
    }

    /// <summary>Lets outputs follow inputs that no register lies between.</summary>
    public void Settle() => _settle(_bench);

    /// <summary>Begins to write waveforms, or ends it with null.</summary>
    public void Trace(string? path)
    {
        nint text = Marshal.StringToCoTaskMemUTF8(path);
        int can = ((delegate* unmanaged<void*, byte*, int>)Export("bench_trace"))(_bench, (byte*)text);
        Marshal.FreeCoTaskMem(text);
        if (can == 0)
            throw new InvalidOperationException("the module was built without waveforms");
    }

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        ((delegate* unmanaged<void*, void>)Export("bench_destroy"))(_bench);
        // The library stays loaded: Verilator's runtime keeps state of threads, which outlives it.
    }

    private void* Export(string name) => (void*)NativeLibrary.GetExport(_library, name);
}
