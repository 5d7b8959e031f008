using System.Collections.Immutable;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.Onnx;

/// <summary>Runs operators that only move data over values known at import: whole numbers too large for float32 included.</summary>
internal static class KnownMovement
{
    public static KnownTensor[] Run(Op op, KnownTensor[] inputs)
    {
        ImmutableArray<Shape> shapes = [.. inputs.Select(input => input.Shape)];
        ImmutableArray<Shape> results = op.InferShapes(shapes);
        if (results.Sum(shape => (long)shape.Count) > KnownValue.MaxElements)
            throw new SkiptuneException($"a constant of {results[0]} is too large to be computed at import");
        if (op is ReshapeOp)
            return [new KnownTensor(results[0], inputs[0].Values)];
        MovementOp movement = (MovementOp)op;
        double[][] values = [.. results.Select(shape => new double[shape.Count])];
        if (results.All(shape => shape.Count > 0))
        {
            foreach (CopyPiece piece in movement.Plan(shapes, results))
                piece.Copy<double>(inputs[piece.Input].Values, values[piece.Output], movement.Fill, 0, piece.Rows);
        }
        return [.. results.Zip(values, (shape, numbers) => new KnownTensor(shape, numbers))];
    }
}
