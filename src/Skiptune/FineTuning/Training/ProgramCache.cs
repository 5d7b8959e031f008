using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.FineTuning;

/// <summary>One graph's programs, one for each batch size in use, over the same parameters and memory.</summary>
internal sealed class ProgramCache(
    Graph graph, IReadOnlyDictionary<string, Tensor> parameters, IReadOnlyDictionary<string, Tensor> gradients, ProgramContext context, InPlace? inPlace = null)
{
    private readonly Dictionary<int, GraphProgram> _programs = [];

    /// <summary>The program for a batch size. Ask for the largest first, so that all share its memory.</summary>
    public GraphProgram For(int batch)
    {
        if (!_programs.TryGetValue(batch, out GraphProgram? program))
            _programs[batch] = program = GraphProgram.Compile(graph, batch, parameters, gradients, context, inPlace);
        return program;
    }
}
