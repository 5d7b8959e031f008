using Skiptune.Data;
using Skiptune.FineTuning;
using Skiptune.Hardware.Board;
using Skiptune.Hardware.Driver;

namespace Skiptune.Hardware;

/// <summary>Fine-tunes the reference CNN with Skip2-LoRA on an accelerator in the programmable logic of a board.</summary>
/// <remarks>The same driver as in simulation; it has not been run on a board yet. See docs/fpga.md for what the board has to have.</remarks>
public sealed class BoardAccelerator : IDisposable
{
    private readonly BoardDevice _device;

    /// <summary>Opens the devices, and reads how the accelerator was built.</summary>
    /// <param name="options">Where it is.</param>
    /// <exception cref="SkiptuneException">
    /// A device is not there or may not be opened, or what is there is no accelerator.
    /// </exception>
    public BoardAccelerator(BoardOptions options)
        : this(options, "/sys")
    {
    }

    internal BoardAccelerator(BoardOptions options, string system)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        _device = BoardDevice.Open(options, system);
        try
        {
            Hardware = new AcceleratorDriver(_device.Bus).ReadOptions();
        }
        catch
        {
            _device.Dispose();
            throw;
        }
    }

    /// <summary>What the accelerator was built with.</summary>
    public AcceleratorOptions Hardware { get; }

    /// <summary>Fine-tunes.</summary>
    /// <param name="model">The reference CNN (see <see cref="LayerTable"/>) with as many classes as the hardware.</param>
    /// <param name="train">Images of 1x28x28 with values 0 .. 1, at most as many as the accelerator's cache holds.</param>
    /// <param name="options">Method skip2-lora, optimizer sgd without momentum; the rank of the accelerator.</param>
    /// <param name="cancellationToken">Ends it with an exception; the accelerator is stopped.</param>
    /// <exception cref="SkiptuneException">
    /// The model, the options or the data do not fit the accelerator, it reported an error, or nothing moved for too long.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public AcceleratorResult Fit(Model model, DataSet train, FineTuneOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(options);
        AcceleratorSession session = new(model, Hardware);
        // Whoever used it before may have left anything behind.
        new AcceleratorDriver(_device.Bus).Stop();
        return session.Fit(_device.Bus, train, options, null, cancellationToken);
    }

    /// <summary>Closes the devices.</summary>
    public void Dispose() => _device.Dispose();
}
