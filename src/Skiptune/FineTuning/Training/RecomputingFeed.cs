using Skiptune.Data;
using Skiptune.Networks;

namespace Skiptune.FineTuning;

/// <summary>Runs the frozen part again for every batch.</summary>
internal sealed class RecomputingFeed(FrozenSplit split, DataSet data, nint[]? located, ProgramCache trunks) : FeatureFeed(split, data, located)
{
    protected override void LoadFrontier(int[] order, int start, GraphProgram tail)
    {
        GraphProgram trunk = trunks.For(tail.Batch);
        Data.Read(order.AsSpan(start, tail.Batch), trunk.Value(Split.SampleName).Span);
        trunk.Forward();
        foreach (FrontierValue value in Split.Frontier)
            trunk.Value(value.Name).Span.CopyTo(tail.Value(value.Name).Span);
    }
}
