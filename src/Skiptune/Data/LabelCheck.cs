namespace Skiptune.Data;

/// <summary>The one place that says whether labels fit their classes.</summary>
internal static class LabelCheck
{
    /// <summary>Throws unless every label is 0 .. classCount - 1.</summary>
    /// <param name="name">The file or data set that the message names.</param>
    /// <param name="labels">The labels, one a row.</param>
    /// <param name="classCount">The number of classes.</param>
    /// <exception cref="SkiptuneException">A label is out of range, or there is no class.</exception>
    public static void Run(string name, ReadOnlySpan<int> labels, int classCount)
    {
        if (classCount < 1)
            throw new SkiptuneException($"{name}: {classCount} classes are not possible; give at least 1");
        for (int row = 0; row < labels.Length; row++)
        {
            if ((uint)labels[row] >= (uint)classCount)
                throw new SkiptuneException($"{name}: row {row} has the label {labels[row]}, but the labels of {classCount} classes are 0..{classCount - 1}; correct the label or the number of classes");
        }
    }
}
