namespace Skiptune.Hardware.Board;

/// <summary>How the end of a job is waited for. It may wake up early; the accelerator's Status tells.</summary>
internal interface IInterrupt
{
    /// <summary>Waits for the interrupt, or so long.</summary>
    void Wait(TimeSpan most);
}

/// <summary>Without an interrupt: a short pause, after which Status is read again.</summary>
internal sealed class PollingInterrupt : IInterrupt
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    public void Wait(TimeSpan most) => Thread.Sleep(most < Pause ? most : Pause);
}
