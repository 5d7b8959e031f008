namespace Skiptune.Hardware.Registers;

/// <summary>One 32-bit register of the accelerator.</summary>
/// <param name="Name">Its name, such as CyclesBase.</param>
/// <param name="Offset">Its address in bytes.</param>
/// <param name="Access">r, w, or rw.</param>
/// <param name="Meaning">What it holds.</param>
public sealed record Register(string Name, int Offset, string Access, string Meaning)
{
    /// <summary>The name in SystemVerilog, such as CYCLES_BASE.</summary>
    public string ConstantName => string.Concat(Name.Select((c, i) => i > 0 && char.IsUpper(c) ? $"_{c}" : $"{char.ToUpperInvariant(c)}")).ToUpperInvariant();
}
