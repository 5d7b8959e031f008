namespace Skiptune.Networks;

/// <summary>The passes over a graph that is only run, not trained, in their order.</summary>
internal static class InferencePasses
{
    public static Graph Apply(Graph graph) => FuseActivations.Apply(FuseBatchNormalization.Apply(graph));
}
