namespace Skiptune.Streaming;

/// <summary>State that outlives the process: what is written and read again goes on as if never stopped, bit for bit.</summary>
public interface IStreamState
{
    /// <summary>Writes the whole state, with what is needed to refuse it under other options.</summary>
    void WriteState(BinaryWriter writer);

    /// <summary>Takes on a state written by <see cref="WriteState"/>. A state that is refused leaves this one as it was.</summary>
    /// <exception cref="InvalidDataException">The state is of another kind, of other options, or damaged.</exception>
    void ReadState(BinaryReader reader);
}
