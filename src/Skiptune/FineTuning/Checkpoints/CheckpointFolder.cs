using System.Collections.Immutable;
using Skiptune.Files;
using Skiptune.Numerics;

namespace Skiptune.FineTuning;

/// <summary>
/// A folder that at any moment holds one whole checkpoint, or none before the first. Each save writes a new file of
/// tensors, then replaces trainer_state.json, which names it, then deletes what the state no longer names. Each of the
/// three leaves a checkpoint that can be read: the old one until the state is replaced, the new one from then on.
/// </summary>
internal sealed class CheckpointFolder : IDisposable
{
    private const string LockFile = ".lock";
    private const string Losses = "losses";

    private readonly string _directory;
    private readonly ImmutableArray<KeyValuePair<string, string>> _settings;
    private readonly FileStream _lock;

    /// <summary>Opens the folder for one run.</summary>
    /// <param name="directory">The folder; made if missing.</param>
    /// <param name="settings">The run's settings.</param>
    /// <exception cref="SkiptuneException">The folder cannot be made, or another run has it.</exception>
    public CheckpointFolder(string directory, ImmutableArray<KeyValuePair<string, string>> settings)
    {
        _directory = directory;
        _settings = settings;
        try
        {
            Directory.CreateDirectory(directory);
            // Two runs would delete each other's tensors. The system ends the lock with the process.
            _lock = new FileStream(Path.Combine(directory, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw ErrorText.Of(directory, $"cannot be used for checkpoints: {exception.Message}", exception);
        }
    }

    /// <summary>Saves the state at the end of an epoch.</summary>
    /// <param name="position">How far the run is.</param>
    /// <param name="tensors">All that its next step depends on.</param>
    /// <exception cref="SkiptuneException">It cannot be written; the checkpoint before it is still there.</exception>
    public void Save(RunPosition position, IReadOnlyDictionary<string, Tensor> tensors)
    {
        Dictionary<string, Tensor> all = new(tensors, StringComparer.Ordinal)
        {
            [Losses] = new Tensor(new Shape(position.Losses.Count), position.Losses.ToArray()),
        };
        byte[] bytes = SafetensorsFile.Write(all);
        TrainerState state = new(position.Epoch, position.Losses.Count, position.FinalLoss, Fingerprints.Of(bytes), _settings);
        AtomicFile.Write(Path.Combine(_directory, state.TensorsFile), bytes);
        TrainerStateFile.Write(_directory, state);
        DeleteAllBut(state.TensorsFile);
    }

    /// <summary>Continues from the checkpoint in the folder.</summary>
    /// <param name="tensors">Take the saved values.</param>
    /// <param name="epochs">The epochs of the whole run.</param>
    /// <param name="stepsInEpoch">The steps of each.</param>
    /// <returns>How far the run was; null if there is no checkpoint yet.</returns>
    /// <exception cref="SkiptuneException">The checkpoint is damaged, or belongs to a run with other settings.</exception>
    public RunPosition? Restore(IReadOnlyDictionary<string, Tensor> tensors, int epochs, int stepsInEpoch)
    {
        if (TrainerStateFile.ReadIfThere(_directory) is not { } state)
            return null;
        try
        {
            state.CheckSettings(_settings);
            if (state.Epoch > epochs || state.Steps != (long)state.Epoch * stepsInEpoch)
                throw new SkiptuneException($"says epoch {state.Epoch} and step {state.Steps}, which no run of {epochs} epochs of {stepsInEpoch} steps passes through");
        }
        catch (SkiptuneException exception)
        {
            throw ErrorText.Of(Path.Combine(_directory, TrainerStateFile.Name), exception.Message, exception);
        }
        Tensor losses = new(new Shape((int)state.Steps));
        ReadTensors(state, new Dictionary<string, Tensor>(tensors, StringComparer.Ordinal) { [Losses] = losses });
        DeleteAllBut(state.TensorsFile);
        return new RunPosition { Epoch = state.Epoch, FinalLoss = state.FinalLoss, Losses = [.. losses.Span] };
    }

    /// <summary>Lets the next run have the folder.</summary>
    public void Dispose() => _lock.Dispose();

    private void ReadTensors(TrainerState state, Dictionary<string, Tensor> wanted)
    {
        string path = Path.Combine(_directory, state.TensorsFile);
        byte[] bytes = BoundedFile.ReadAllBytes(path, SafetensorsFile.MaxBytes(wanted));
        if (Fingerprints.Of(bytes) != state.TensorsSha256)
            throw ErrorText.Of(path, $"is not the file that {TrainerStateFile.Name} names: its hash differs; start anew without --resume");
        IReadOnlyDictionary<string, Tensor> saved = SafetensorsFile.Read(bytes, path).Tensors;
        if (saved.Keys.FirstOrDefault(name => !wanted.ContainsKey(name)) is { } extra)
            throw ErrorText.Of(path, $"holds the tensor {ErrorText.Quote(extra)}, which this run does not have");
        foreach ((string name, Tensor tensor) in wanted)
        {
            if (!saved.TryGetValue(name, out Tensor? value) || value.Shape != tensor.Shape)
                throw ErrorText.Of(path, $"does not hold the tensor {ErrorText.Quote(name)} of {tensor.Shape}");
        }
        foreach ((string name, Tensor tensor) in wanted)
            saved[name].Span.CopyTo(tensor.Span);
    }

    // Older generations, and what a process left that was killed in the middle of writing.
    private void DeleteAllBut(string kept)
    {
        try
        {
            foreach (string path in Directory.EnumerateFiles(_directory))
            {
                string name = Path.GetFileName(path);
                bool tensors = name.StartsWith(TrainerState.TensorsPrefix, StringComparison.Ordinal) && name.EndsWith(TrainerState.TensorsSuffix, StringComparison.Ordinal);
                if ((tensors && name != kept) || PendingFile.IsTemporary(name))
                    File.Delete(path);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // They only take room, and the next save tries again.
        }
    }
}
