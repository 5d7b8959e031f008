using System.Collections.Immutable;
using Skiptune.Numerics;

namespace Skiptune.Networks;

/// <summary>What a <see cref="Compare"/> asks.</summary>
public enum Relation
{
    /// <summary>a = b.</summary>
    Equal,

    /// <summary>a &gt; b.</summary>
    Greater,

    /// <summary>a &gt;= b.</summary>
    GreaterOrEqual,

    /// <summary>a &lt; b.</summary>
    Less,

    /// <summary>a &lt;= b.</summary>
    LessOrEqual,
}

/// <summary>1 where a comparison of two values (broadcast) holds, 0 elsewhere. No gradient passes. ONNX Equal, Greater, ...</summary>
/// <param name="Relation">What is asked.</param>
public sealed record Compare(Relation Relation) : Op
{
    /// <inheritdoc/>
    public override string Type => Relation.ToString();

    /// <inheritdoc/>
    public override bool PassesGradient(int input) => false;

    /// <inheritdoc/>
    public override BackwardReads BackwardReads => BackwardReads.None;

    /// <inheritdoc/>
    public override bool IsNonNegative(ReadOnlySpan<bool> inputs) => true;

    /// <inheritdoc/>
    public override ImmutableArray<Shape> InferShapes(ImmutableArray<Shape> inputs) => [Broadcasting.Join(Type, inputs[0], inputs[1])];

    internal bool Holds(double a, double b) => Relation switch
    {
        Relation.Equal => a == b,
        Relation.Greater => a > b,
        Relation.GreaterOrEqual => a >= b,
        Relation.Less => a < b,
        _ => a <= b,
    };

    internal override BoundOp Bind(BindContext context) => new Bound(this, context);

    private sealed class Bound(Compare op, BindContext context) : BoundOp
    {
        private readonly Broadcasting _plan = new(context.Outputs[0].Shape, context.Input(0).Shape, context.Input(1).Shape);

        public override void Forward()
        {
            for (int row = 0; row < _plan.Rows; row++)
            {
                ReadOnlySpan<float> a = _plan.Row(0, context.Input(0), row);
                ReadOnlySpan<float> b = _plan.Row(1, context.Input(1), row);
                Span<float> output = context.Outputs[0].Span.Slice(row * _plan.RowLength, _plan.RowLength);
                for (int i = 0; i < output.Length; i++)
                    output[i] = op.Holds(a[_plan.At(0, i)], b[_plan.At(1, i)]) ? 1 : 0;
            }
        }

        public override void Backward()
        {
        }
    }
}
