using System.Collections.Immutable;
using Skiptune.Numerics;

namespace Skiptune.Networks;

/// <summary>
/// The input repeated along axes of extent 1, and along new axes in front. ONNX Expand. A second input, whose values do
/// not matter, gives its first extent (the batch) to the axis marked <see cref="Batch"/>.
/// </summary>
/// <param name="Target">The extents, NumPy's rules of broadcasting with the input's.</param>
public sealed record Expand(ValueList<int> Target) : MovementOp
{
    /// <summary>Stands in the target for the batch.</summary>
    public const int Batch = -1;

    /// <inheritdoc/>
    public override string Type => "Expand";

    /// <inheritdoc/>
    public override bool PassesGradient(int input) => input == 0;

    /// <inheritdoc/>
    public override bool IsNonNegative(ReadOnlySpan<bool> inputs) => inputs[0];

    /// <inheritdoc/>
    public override ImmutableArray<Shape> InferShapes(ImmutableArray<Shape> inputs)
    {
        if (Target.Contains(Batch) && (inputs.Length < 2 || inputs[1].Rank == 0))
            throw new SkiptuneException("Expand to a batch needs a value that carries it");
        return [Broadcasting.Join(Type, inputs[0], new Shape([.. Target.Select(extent => extent == Batch ? inputs[1][0] : extent)]))];
    }

    internal override ImmutableArray<CopyPiece> Plan(ImmutableArray<Shape> inputs, ImmutableArray<Shape> outputs) =>
        [new CopyPiece(0, 0, AxisMaps.Broadcast(inputs[0], outputs[0]), AxisMaps.Whole(outputs[0]))];
}
