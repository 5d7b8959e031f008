namespace Skiptune.Hardware.Adapters;

/// <summary>What the adapter engine begins in a cycle.</summary>
/// <param name="Pass">The pass: the gradient of the batch before, the forward of this batch.</param>
/// <param name="Slot">The word of the gradient, the word after that of the forward, the layer of backward.</param>
/// <param name="Sample">The place in both batches.</param>
/// <param name="Gradient">Whether the gradient has such a word and sample.</param>
/// <param name="Forward">Whether the forward has.</param>
/// <param name="Backward">Whether there is such a layer.</param>
/// <param name="First">Whether it is the first sample.</param>
/// <param name="Last">Whether it is the last of the longer batch.</param>
internal sealed record EngineCommand(int Pass, int Slot, int Sample, bool Gradient, bool Forward, bool Backward, bool First, bool Last);

/// <summary>The order in which the adapter engine works: what hw/rtl/sequencer.sv issues, whenever it may.</summary>
internal static class TrainingSchedule
{
    /// <summary>All commands of a job.</summary>
    /// <param name="batches">The samples of each batch.</param>
    /// <param name="words">Cache words of a sample.</param>
    public static IEnumerable<EngineCommand> Commands(IReadOnlyList<int> batches, int words)
    {
        // The last pass has no forward, so none at all without batches.
        for (int pass = 0; pass <= batches.Count && batches.Count > 0; pass++)
        {
            int trained = pass > 0 ? batches[pass - 1] : 0;
            int read = pass < batches.Count ? batches[pass] : 0;
            int longer = Math.Max(trained, read);
            // The forward is a word behind, so it needs a slot more.
            int slots = read > 0 ? words + 1 : words;
            for (int slot = 0; slot < slots; slot++)
            {
                for (int sample = 0; sample < longer; sample++)
                {
                    bool gradient = sample < trained && slot < words;
                    yield return new EngineCommand(
                        pass, slot, sample, gradient, sample < read && slot > 0, gradient && slot < LayerTable.Taps.Length, sample == 0, sample == longer - 1);
                }
            }
        }
    }
}
