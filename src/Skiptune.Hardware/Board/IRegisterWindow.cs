namespace Skiptune.Hardware.Board;

/// <summary>32-bit registers, by their address in bytes.</summary>
internal interface IRegisterWindow
{
    /// <summary>Reads a register.</summary>
    uint Read(int offset);

    /// <summary>Writes a register.</summary>
    void Write(int offset, uint value);
}
